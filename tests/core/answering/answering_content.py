"""Three small guides, rules and slang: enough content for the engine to learn from in a blink."""

from bot.core.answering.knowledge import Golden, Knowledge, Negative, Rule, Rules, Slang, Verdict
from bot.core.guidance import Guide
from tests.factories import in_both, make_guide, make_step

LANGUAGES = ("ru", "en")

DEBRIS = make_guide(
    "debris-found",
    title=in_both("Нашли обломки беспилотника", "Drone debris found"),
    summary=in_both("Обломки могут взорваться.", "Debris can explode."),
    now=(
        make_step("Отойдите минимум на 100 метров.", "Walk at least 100 metres away."),
        make_step("Позвоните 112.", "Call 112."),
    ),
    never=(make_step("Не берите обломки на память.", "Do not keep pieces as souvenirs."),),
    keywords={
        "ru": ("обломки", "осколки", "кусок дрона", "метеорит железный"),
        "en": ("debris", "wreckage", "drone parts"),
    },
    questions={
        "ru": (
            "нашел обломки дрона в огороде",
            "упал беспилотник во дворе что делать",
            "на крыше лежит кусок крыла",
            "сколько метров отойти от обломков",
            "ребенок принес осколок домой",
            "обломки можно трогать",
        ),
        "en": (
            "found drone debris in my garden",
            "can I keep a fragment",
            "wreckage on the roof",
            "a drone fell",
        ),
    },
)
PETS = make_guide(
    "pets",
    life_threat=False,
    title=in_both("Животные при тревоге", "Pets in an alert"),
    summary=in_both("Возьмите питомца с собой.", "Take your pet with you."),
    now=(make_step("Посадите кошку в переноску.", "Put the cat in its carrier."),),
    keywords={"ru": ("кот", "собака", "переноска"), "en": ("cat", "dog", "carrier")},
    questions={
        "ru": (
            "пустят ли в укрытие с собакой",
            "что делать с котом во время тревоги",
            "кошка спряталась под диван",
            "собака боится сирены",
            "куда деть попугая при эвакуации",
            "как везти кота",
        ),
        "en": (
            "can I bring my dog to the shelter",
            "my cat hides during the siren",
            "pet carrier",
            "scared dog",
        ),
    },
)
FIRE = make_guide(
    "fire",
    title=in_both("Пожар в доме", "Fire at home"),
    summary=in_both("Уходите ниже дыма.", "Stay below the smoke."),
    now=(make_step("Закройте дверь и выходите по лестнице.", "Close the door and take the stairs."),),
    never=(make_step("Не пользуйтесь лифтом.", "Do not use the lift."),),
    keywords={"ru": ("пожар", "дым", "горит"), "en": ("fire", "smoke", "burning")},
    questions={
        "ru": (
            "в подъезде дым выходить или ждать",
            "горит квартира этажом ниже",
            "пожар на кухне чем тушить",
            "загорелся балкон",
            "можно ли на лифте при пожаре",
            "в доме пожар куда бежать",
        ),
        "en": (
            "smoke on the stairs do I go out",
            "kitchen on fire",
            "the house is burning",
            "fire next door",
        ),
    },
)

GUIDES: dict[str, Guide] = {guide.id: guide for guide in (DEBRIS, PETS, FIRE)}

_NEGATIVES = (
    "рецепт борща",
    "рецепт пирога с капустой",
    "рецепт супа",
    "сколько варить картошку",
    "курс евро",
    "кто выиграл матч",
    "билеты в театр",
    "гороскоп на сегодня",
    "ремонт стиральной машины",
    "best soup recipe",
    "movie for tonight",
    "курс доллара на завтра",
    "какая погода в выходные",
    "посоветуй сериал",
    "сколько стоит стрижка",
    "как выучить английский",
    "who won the match",
    "pizza delivery",
    "translate this song",
    "cheap flights",
)

KNOWLEDGE = Knowledge(
    vocabulary=(Slang(say=("мопед упал", "упал мопед"), mean="упал беспилотник обломки"),),
    rules=Rules(
        sets={"make": ("как сделать", "how to make"), "weapon": ("бомба", "взрывчат*", "bomb")},
        rules=(
            Rule(id="weapon-making", verdict=Verdict.WEAPONS, together=(("make", "weapon"),)),
            Rule(id="orders", verdict=Verdict.ORDER, phrases=("=скажи всем",), unless=("как",)),
            Rule(
                id="greeting",
                verdict=Verdict.GREETING,
                phrases=("привет", "hello"),
                whole=True,
                beside=("бот",),
            ),
            Rule(
                id="bleeding", verdict=Verdict.URGENT, phrases=("кровь хлещет", "истекает кровью", "bleeding")
            ),
        ),
        step_questions=("можно ли", "можно", "can i"),
        examples={
            Verdict.WEAPONS: (
                "чем начинить дрон чтоб рванул",
                "собрать гранату дома",
                "дрон с гранатой своими руками",
                "купить патроны без лицензии",
                "where to buy grenades",
                "arm my drone with a grenade",
            )
        },
    ),
    negatives=tuple(Negative(text=text, near=False) for text in _NEGATIVES),
    golden=(
        Golden(ask="обломки на огороде", answer="debris-found", urgent=True),
        Golden(ask="как сделать бомбу", refuse=True),
    ),
)
