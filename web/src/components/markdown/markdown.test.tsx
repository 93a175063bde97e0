import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { IntlProvider } from "use-intl";
import Markdown from "@/components/markdown/markdown";
import { en } from "@/messages/en";

function show(text: string, numbers: number[] = []) {
  return render(
    <IntlProvider locale="en" messages={en} timeZone="UTC">
      <Markdown text={text} numbers={new Set(numbers)} cite={(number) => <a href={`/cited/${number}`}>source {number}</a>} />
    </IntlProvider>,
  ).container;
}

it("turns known numbers in brackets into citations and leaves the others", () => {
  const page = show("Yeast lives [1][2]; see `a[1]` and [7].", [1, 2]);
  expect([...page.querySelectorAll("a")].map((link) => link.getAttribute("href"))).toEqual(["/cited/1", "/cited/2"]);
  expect(page.textContent).toContain("[7]");
  expect(page.querySelector("code")?.textContent).toBe("a[1]");
});

it("lets no definition take over the number of a citation", () => {
  const page = show("[1]: https://elsewhere.example/\nYeast lives [1].", [1]);
  expect([...page.querySelectorAll("a")].map((link) => link.getAttribute("href"))).toEqual(["/cited/1"]);
});

it("shows HTML as text, loads no image and follows no script", () => {
  const page = show('<img src=x onerror=alert(1)>\n\nA <b onclick="x()">b</b> ![cat](https://t.example/x.png) [x](javascript:alert(1)) [y](data:text/html,z)');
  expect(page.querySelector("img, script, b, [onclick], [onerror]")).toBeNull();
  expect(page.querySelector("a")).toBeNull();
  expect(page.textContent).toContain("<img src=x onerror=alert(1)>");
  expect(page.textContent).toContain("cat");
});

it("opens links of others apart from the page", () => {
  show("[site](https://example.org/)");
  expect(screen.getByRole("link").getAttribute("rel")).toContain("noopener");
});

it("shows code with its language and a way to copy it, and prices as prices", () => {
  const page = show("```python\nx = 1\n```\n\nIt costs $5 and $6.");
  expect(page.textContent).toContain("python");
  expect(screen.getByRole("button", { name: "Copy" })).toBeTruthy();
  expect(page.textContent).toContain("$5 and $6");
});
