"""Trouble with the store is told once, however many parts meet it."""

from bot.core.notices.news import News, Told
from bot.workflows.store_news import StoreNews
from tests.fakes import Operators


async def test_the_first_part_tells_that_the_store_is_away_and_the_last_that_it_is_back() -> None:
    operators = Operators()
    news = StoreNews(operators.tell)
    deliver, publish = news.of("delivering"), news.of("publishing")

    await deliver(Told(News.STORE_AWAY))
    await publish(Told(News.STORE_AWAY))
    await publish(Told(News.STORE_BACK))
    await publish(Told(News.FINISHED))
    await deliver(Told(News.STORE_BACK))

    assert operators.news == [News.STORE_AWAY, News.FINISHED, News.STORE_BACK]
