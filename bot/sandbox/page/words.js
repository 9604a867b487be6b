/** The page's own words, in the language of the person who is writing. */

const TABLE = {
  ru: {
    notice: "Песочница · не настоящий Telegram",
    title: "Песочница",
    sidebar: "Жители и чаты",
    writingAs: "Вы пишете как",
    language: "Язык этого жителя",
    chats: "Чаты",
    group: "Группа",
    addPerson: "Новый житель",
    addGroup: "Новая группа",
    name: "Имя",
    groupTitle: "Название",
    members: "Участники",
    languageShort: "Язык",
    add: "Добавить",
    cancel: "Отменить",
    close: "Закрыть",
    ok: "Понятно",
    openList: "Жители и чаты",
    closeList: "Закрыть список",
    messages: "Сообщения",
    pinned: "Закреплено",
    typing: "печатает…",
    bot: "бот",
    channel: "канал",
    blocked: "вы его заблокировали",
    noBot: "бота здесь нет",
    connecting: "соединение…",
    block: "Заблокировать бота",
    unblock: "Разблокировать бота",
    removeBot: "Убрать бота из группы",
    addBot: "Вернуть бота в группу",
    readOnly: "Писать в канал может только бот",
    toDark: "Тёмное оформление",
    toLight: "Светлое оформление",
    toBottom: "К последним сообщениям",
    menu: "Меню",
    commands: "Команды",
    noCommands: "Бот пока не задал команд",
    attach: "Прикрепить",
    send: "Отправить",
    write: "Сообщение",
    edited: "изменено",
    silent: "Без звука",
    via: "через @{name}",
    start: "Начать",
    emptyBot: "Это новый разговор. Нажмите «Начать» или просто задайте вопрос.",
    emptyGroup: "Здесь пока нет сообщений",
    actions: "Действия с сообщением",
    reply: "Ответить",
    edit: "Изменить",
    copyText: "Скопировать текст",
    copied: "Скопировано",
    notCopied: "Браузер не дал скопировать",
    replying: "Ответ: {name}",
    editing: "Правка сообщения",
    showAll: "Показать целиком",
    showLess: "Свернуть",
    spoiler: "Скрытый текст, нажмите, чтобы прочесть",
    deadLink: "Ссылка такого вида не открывается",
    noAnswer: "Бот не ответил на нажатие",
    unreachable: "Песочница не отвечает",
    nothingFound: "Ничего не нашлось",
    searching: "Бот ищет…",
    results: "Ответы бота",
    photo: "Фотография",
    location: "Место на карте",
    contact: "Контакт",
    voice: "Голосовое сообщение",
    sticker: "Наклейка",
    document: "Файл",
    video: "Видео",
    stub: "образец",
    bot_added: "Бот добавлен в группу",
    bot_removed: "Бот удалён из группы",
    group_created: "Группа создана",
    migrated: "Группа стала супергруппой",
    erase: "Удалить у всех",
    aboutChat: "О чате",
    rights: "Что можно боту",
    readsAll: "Видит все сообщения в группах",
    isAdmin: "Администратор",
    migrate: "Превратить в супергруппу",
    admin: "администратор",
    keyboard: "Кнопки ответа",
    today: "Сегодня",
    yesterday: "Вчера",
    unread: "непрочитано: {count}",
    newsFor: "есть новое",
    notThere: "Этого сообщения здесь больше нет",
    readerForms: { one: "{count} подписчик", few: "{count} подписчика", other: "{count} подписчиков" },
    memberForms: { one: "{count} участник", few: "{count} участника", other: "{count} участников" },
  },
  en: {
    notice: "Sandbox · not the real Telegram",
    title: "Sandbox",
    sidebar: "People and chats",
    writingAs: "You write as",
    language: "Language of this person",
    chats: "Chats",
    group: "Group",
    addPerson: "New person",
    addGroup: "New group",
    name: "Name",
    groupTitle: "Title",
    members: "Members",
    languageShort: "Language",
    add: "Add",
    cancel: "Cancel",
    close: "Close",
    ok: "OK",
    openList: "People and chats",
    closeList: "Close the list",
    messages: "Messages",
    pinned: "Pinned",
    typing: "typing…",
    bot: "bot",
    channel: "channel",
    blocked: "blocked by you",
    noBot: "the bot is not here",
    connecting: "connecting…",
    block: "Block the bot",
    unblock: "Unblock the bot",
    removeBot: "Remove the bot from the group",
    addBot: "Bring the bot back",
    readOnly: "Only the bot writes to this channel",
    toDark: "Dark theme",
    toLight: "Light theme",
    toBottom: "To the latest messages",
    menu: "Menu",
    commands: "Commands",
    noCommands: "The bot has not set any commands yet",
    attach: "Attach",
    send: "Send",
    write: "Message",
    edited: "edited",
    silent: "Silent",
    via: "via @{name}",
    start: "Start",
    emptyBot: "A new conversation. Press Start or just ask a question.",
    emptyGroup: "No messages here yet",
    actions: "Message actions",
    reply: "Reply",
    edit: "Edit",
    copyText: "Copy text",
    copied: "Copied",
    notCopied: "The browser did not allow copying",
    replying: "Reply to {name}",
    editing: "Editing the message",
    showAll: "Show all",
    showLess: "Show less",
    spoiler: "Hidden text, press to read",
    deadLink: "A link of this kind is not opened",
    noAnswer: "The bot did not answer the press",
    unreachable: "The sandbox does not answer",
    nothingFound: "Nothing found",
    searching: "The bot is looking…",
    results: "The bot's answers",
    photo: "Photo",
    location: "Location",
    contact: "Contact",
    voice: "Voice message",
    sticker: "Sticker",
    document: "File",
    video: "Video",
    stub: "sample",
    bot_added: "The bot was added to the group",
    bot_removed: "The bot was removed from the group",
    group_created: "Group created",
    migrated: "The group became a supergroup",
    erase: "Delete for everyone",
    aboutChat: "About the chat",
    rights: "What the bot may do",
    readsAll: "Sees every message in groups",
    isAdmin: "Administrator",
    migrate: "Turn into a supergroup",
    admin: "administrator",
    keyboard: "Reply buttons",
    today: "Today",
    yesterday: "Yesterday",
    unread: "unread: {count}",
    newsFor: "something new",
    notThere: "That message is no longer here",
    readerForms: { one: "{count} subscriber", other: "{count} subscribers" },
    memberForms: { one: "{count} member", other: "{count} members" },
  },
};

/** Languages offered for a person; those the page itself does not speak are shown the English page, as Telegram does. */
export const LANGUAGES = ["ru", "en", "kk", "uz", "tg", "de", "zh"];

let current = "ru";

/** Chooses the language of the page by a person's language code. */
export function speak(languageCode) {
  current = (languageCode ?? "").toLowerCase().split("-")[0] === "ru" ? "ru" : "en";
  document.documentElement.lang = current;
  document.title = word("title");
  for (const target of document.querySelectorAll("[data-word]")) target.textContent = word(target.dataset.word);
  for (const target of document.querySelectorAll("[data-label]")) label(target, word(target.dataset.label));
}

/** The words for a key, with {names} filled in. */
export function word(key, values = {}) {
  const words = TABLE[current][key];
  if (words === undefined) throw new Error(`no words for "${key}"`);
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Whether there are words for a key that came from the sandbox. */
export function known(key) {
  return Object.hasOwn(TABLE[current], key);
}

/** "3 участника" */
export function memberCount(count) {
  return counted(TABLE[current].memberForms, count);
}

/** "3 подписчика" */
export function readerCount(count) {
  return counted(TABLE[current].readerForms, count);
}

function counted(forms, count) {
  return (forms[new Intl.PluralRules(current).select(count)] ?? forms.other).replace("{count}", String(count));
}

/** Names a control for people who see it and for people who hear it. */
export function label(target, words) {
  target.setAttribute("aria-label", words);
  if (target instanceof HTMLButtonElement) target.title = words;
}

const formats = new Map(); // making one is slow

function format(options) {
  const key = current + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(current, options));
  return formats.get(key);
}

/** "14:05"; the argument is in Unix seconds, as everywhere below. */
export function clock(seconds) {
  return format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(seconds * 1000);
}

/** Whether two moments are on one day of the reader's calendar. */
export function sameDay(one, other) {
  return new Date(one * 1000).toDateString() === new Date(other * 1000).toDateString();
}

/** A day as people name it: today, yesterday, "12 марта", and the year when it is another one. */
export function day(seconds) {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (sameDay(seconds, today / 1000)) return word("today");
  if (sameDay(seconds, yesterday / 1000)) return word("yesterday");
  const year = new Date(seconds * 1000).getFullYear() === today.getFullYear() ? undefined : "numeric";
  return format({ day: "numeric", month: "long", year }).format(seconds * 1000);
}

/** The time if it was today, else the day, short: for lists. */
export function clockOrDay(seconds) {
  if (sameDay(seconds, Date.now() / 1000)) return clock(seconds);
  return format({ day: "numeric", month: "short" }).format(seconds * 1000);
}

/** Date and time in full, for the tooltip of a message's clock. */
export function moment(seconds) {
  return format({ dateStyle: "long", timeStyle: "medium" }).format(seconds * 1000);
}

/** A language's name for itself: "Русский". */
export function languageName(code) {
  try {
    const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
    return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
  } catch {
    return code;
  }
}
