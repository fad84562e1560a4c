"""What keeps a page from being read: axe-core's rules, and words in pictures that are too pale."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
COLOURS = RULES | {"runOnly": ["color-contrast", "link-in-text-block"]}
# axe looks at no words in SVG. WCAG 2.1, 1.4.3: 4.5 to 1.
PALE = """() => {
  const part = (x) => (x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const numbers = (css) => css.match(/[\\d.]+/g).map(Number);
  const ground = numbers(getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor);
  const read = [...document.querySelectorAll("[role=dialog]")].pop() ?? document;  // not what it covers
  return [...read.querySelectorAll(".js-plotly-plot svg text")].filter((text) => {
    const {fill, opacity, fillOpacity} = getComputedStyle(text);
    const ink = numbers(fill);
    const alpha = (ink[3] ?? 1) * opacity * fillOpacity;
    const seen = [0, 1, 2].map((i) => ink[i] * alpha + ground[i] * (1 - alpha));
    const [dark, bright] = [light(seen), light(ground)].sort((a, b) => a - b);
    return text.textContent.trim() && (bright + 0.05) / (dark + 0.05) < 4.5;
  }).map((text) => `too pale: ${text.textContent}`);
}"""


def accessibility_faults(page: Page, *, only_colours: bool = False) -> list[str]:
    """Return what WCAG 2.1 A and AA finds fault with on a page, once its pictures are drawn.

    `only_colours`: of a page that was looked at whole in other colours. The label of a widget that cannot be used now may be pale; axe does not know it for one.
    """
    for _ in range(20):
        if not page.evaluate(PALE):
            break
        page.wait_for_timeout(500)  # pictures in other colours come from the server
    faults = [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in Axe()
        .run(page, options=COLOURS if only_colours else RULES)
        .response["violations"]
        for node in rule["nodes"]
        if not page.locator(node["target"][0]).locator(_DISABLED).count()
    ]
    return faults + page.evaluate(PALE)


_DISABLED = "xpath=ancestor::label[@disabled or ancestor::*[contains(@class,'stElementContainer')]//input[@disabled]]"
