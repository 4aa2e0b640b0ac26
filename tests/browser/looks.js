// What is hard to read or wrong about the page as it is now shown, in words; nothing if all is well.
// Contrast is that of WCAG 2.2, 1.4.3: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio

const LEAST = 4.5;
const problems = [];

const wide = document.documentElement.scrollWidth;
if (wide > innerWidth) problems.push(`the page is ${wide} px wide, in a window of ${innerWidth} px`);

const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
for (const id of ids.filter((id, index) => ids.indexOf(id) !== index)) problems.push(`the id ${id} is there twice`);

// "rgb(1, 2, 3)" or "rgba(1, 2, 3, 0.5)" as [1, 2, 3, 0.5].
const parse = (color) => {
  const [red, green, blue, alpha = 1] = color.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
  return [red, green, blue, alpha];
};
// A color over an opaque one.
const over = ([red, green, blue, alpha], under) =>
  [red, green, blue].map((it, index) => it * alpha + under[index] * (1 - alpha));
const luminance = (color) => {
  const linear = (it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
  const [red, green, blue] = color.map((it) => linear(it / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

// What is behind an element: the body is opaque, and behind the text of a block is its rectangle.
const ground = (element) => {
  if (element.matches(".node text:not(.start)")) {
    return parse(getComputedStyle(element.parentElement.querySelector("rect")).fill).slice(0, 3);
  }
  const own = parse(getComputedStyle(element).backgroundColor);
  return own[3] === 1 ? own.slice(0, 3) : over(own, ground(element.parentElement));
};

let measured = 0;
const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (words.nextNode()) {
  const element = words.currentNode.parentElement;
  const text = words.currentNode.textContent.trim();
  // What cannot be used may be pale, and what is not drawn has no color.
  if (!text || element.closest(":disabled, title, option") || !element.checkVisibility({ visibilityProperty: true })) continue;
  measured += 1;
  const style = getComputedStyle(element);
  const under = ground(element);
  const color = over(parse(element.matches("svg text") ? style.fill : style.color), under);
  const ratio = contrast(color, under);
  const kind = `${element.tagName} ${element.getAttribute("class") ?? ""}`;
  if (ratio < LEAST) problems.push(`contrast ${ratio.toFixed(2)}: ${text.slice(0, 40)} (${kind})`);
}
return { problems: [...new Set(problems)], measured };
