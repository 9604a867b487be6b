/** Light or dark: as the system says, until the reader chooses. */

import { byId } from "./element.js";
import { label, word } from "./words.js";

const KEY = "sandbox-theme";
const systemDark = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : systemDark.matches;
}

/** Names the switch by what it would do. */
export function nameTheme() {
  document.documentElement.classList.toggle("is-dark", isDark());
  label(byId("theme-toggle"), word(isDark() ? "toLight" : "toDark"));
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be forbidden; the choice then lasts until the page is closed
  }
}

/** Takes up the remembered choice and lets the switch change it. */
export function startTheme() {
  const chosen = remembered();
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
  nameTheme();
  systemDark.addEventListener("change", nameTheme);
  byId("theme-toggle").addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // see remembered()
    }
    nameTheme();
  });
}
