"""The one notice that every sender of the benchmark sends, as plain values that any library can take."""

HEADLINE = "Опасность · Угроза атаки беспилотников"

TEXT = f"""{HEADLINE}

Над районами возможны пролёты беспилотников. Обломки могут повредить окна и поранить людей.
Где: Лунёвский район, Заречный район. Начинается сейчас, до 18:30.

Что делать:
1. Уйдите в ближайшее укрытие или в комнату без окон.
2. Отойдите от окон, не выходите на балкон.
3. Не подходите к обломкам и не трогайте их, позвоните 112.

Управление по делам ГО и ЧС · Источник
Выпущено 22 ноября в 15:40. Действует до 18:30. Следующее сообщение в 17:00."""

BOLD = ((0, len(HEADLINE)), (TEXT.index("Что делать"), len("Что делать:")))
"""Offset and length of what stands out; nothing here is beyond the BMP, so characters are UTF-16 units."""

BUTTONS = (("Налёт беспилотников", "guide:air-raid"), ("Нашли обломки", "guide:debris-found"))
"""Label and data, one a row."""
