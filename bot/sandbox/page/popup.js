/** What appears above the chat for a moment: toasts, alerts and small forms. */

import { byId, drawing, element } from "./element.js";
import { label, languageName, LANGUAGES, word } from "./words.js";

const SHOWN = 4200; // milliseconds that a toast stays

/** Says a sentence at the foot of the page for some seconds. */
export function toast(words) {
  const made = element("p", { class: "toast", "data-testid": "toast" }, words);
  byId("toasts").replaceChildren(made);
  setTimeout(() => made.remove(), SHOWN);
}

/** Shows words that must be acknowledged. */
export function alertBox(words) {
  const dialog = box("alert", "");
  dialog.setAttribute("role", "alertdialog");
  dialog.setAttribute("aria-describedby", "alert-words");
  dialog.append(
    element("p", { class: "alert-words", id: "alert-words", dir: "auto" }, words),
    element("div", { class: "dialog-foot" }, element("button", { class: "primary", type: "button", "data-testid": "alert-ok", onclick: () => dialog.close() }, word("ok"))),
  );
  dialog.showModal();
}

/** A dialog with a title and a way to close it; it removes itself when closed. The caller fills and opens it. */
export function box(testId, title) {
  const dialog = element("dialog", { class: "dialog", "data-testid": testId });
  if (title) {
    const close = element("button", { type: "button", class: "round", onclick: () => dialog.close() }, drawing("icon-close"));
    label(close, word("close"));
    dialog.setAttribute("aria-label", title);
    dialog.append(element("header", { class: "dialog-head" }, element("h2", {}, title), close));
  }
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  return dialog;
}

/** Asks for a new person; `add` gets {first_name, language_code}. */
export function askPerson(add) {
  const name = element("input", { name: "first_name", required: true, maxlength: 64, dir: "auto", "data-testid": "person-name" });
  const language = languageSelect("ru");
  language.dataset.testid = "person-language";
  form("add-person-form", word("addPerson"), [field(word("name"), name), field(word("languageShort"), language)], () =>
    add({ first_name: name.value.trim(), language_code: language.value }));
}

/** Asks for a new group; `add` gets {title, member_ids}. */
export function askGroup(people, chosenId, add) {
  const title = element("input", { name: "title", required: true, maxlength: 128, dir: "auto", "data-testid": "group-title" });
  const boxes = people.map((person) =>
    element("input", { type: "checkbox", value: person.id, checked: person.id === chosenId, disabled: person.id === chosenId, "data-testid": "group-member" }));
  const members = element("fieldset", { class: "members" }, element("legend", {}, word("members")),
    boxes.map((input, at) => element("label", {}, input, element("bdi", {}, people[at].first_name))));
  form("add-group-form", word("addGroup"), [field(word("groupTitle"), title), members], () =>
    add({ title: title.value.trim(), member_ids: boxes.filter((input) => input.checked).map((input) => Number(input.value)) }));
}

/** A choice of language with `chosen` selected, offered even if it is not one of LANGUAGES. */
export function languageSelect(chosen, select = element("select")) {
  const codes = LANGUAGES.includes(chosen) ? LANGUAGES : [chosen, ...LANGUAGES];
  select.replaceChildren(...codes.map((code) => element("option", { value: code }, languageName(code))));
  select.value = chosen;
  return select;
}

function form(testId, title, fields, submit) {
  const dialog = box(testId, title);
  const made = element("form", { class: "dialog-form", onsubmit: (event) => { event.preventDefault(); dialog.close(); submit(); } },
    fields, element("div", { class: "dialog-foot" }, element("button", { class: "primary", "data-testid": "add-confirm" }, word("add"))));
  dialog.append(made);
  dialog.showModal();
  made.querySelector("input").focus();
}

function field(words, input) {
  return element("label", { class: "form-field" }, element("span", {}, words), input);
}
