/** Page elements made from values: strings only ever become text nodes. */

/**
 * An element with attributes and children. Names starting with "on" are listeners; null and false are left out.
 * @param {string} tag
 * @param {Record<string, unknown>} attributes
 * @param {...(Node | string | null | false | undefined | Array)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** A drawing from the sprite of index.html: `icon-…` for a control, `scene-…` for a picture. */
export function drawing(id, classes = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", classes);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${id}`);
  svg.append(use);
  return svg;
}

/** The element with this id in index.html. */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}

const TONES = 7;

/** Paints `target` as the round picture of somebody: the first letter of the name on a tone chosen by the id. */
export function paintAvatar(target, { id, name, bot = false }) {
  const letter = [...(name ?? "").matchAll(/[\p{L}\p{N}]/gu)][0]?.[0] ?? "·";
  target.textContent = letter.toLocaleUpperCase();
  target.className = `avatar ${bot ? "tone-bot" : `tone-${Math.abs(Number(id)) % TONES}`}`;
  return target;
}

/** A new round picture of somebody. */
export function avatar(somebody) {
  return paintAvatar(element("span", { "aria-hidden": "true" }), somebody);
}
