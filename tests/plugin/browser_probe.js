/* Runs in a rendered view: notes what people see there, for the test to read from the dumped page. */
(function () {
  "use strict";

  function parts(colour) {
    const found = colour.match(/[\d.]+/g).map(Number);
    return { rgb: found.slice(0, 3), alpha: found.length > 3 ? found[3] : 1 };
  }

  function over(top, alpha, under) {
    return top.map((value, at) => value * alpha + under[at] * (1 - alpha));
  }

  function ancestors(element) {
    const list = [];
    for (let each = element; each; each = each.parentElement) list.unshift(each);
    return list;
  }

  function background(element) {
    return ancestors(element).reduce(function (under, each) {
      const { rgb, alpha } = parts(getComputedStyle(each).backgroundColor);
      return over(rgb, alpha, under);
    }, [255, 255, 255]);
  }

  function luminance(rgb) {
    const [r, g, b] = rgb.map(value => value / 255).map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(element) {
    const under = background(element);
    const { rgb, alpha } = parts(getComputedStyle(element).color);
    const opacity = ancestors(element).reduce((so, each) => so * Number(getComputedStyle(each).opacity), alpha);
    const [light, dark] = [luminance(over(rgb, opacity, under)), luminance(under)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }

  function texts() {
    const walker = document.createTreeWalker(document.querySelector(".tla"), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (walker.currentNode.data.trim() && element.getClientRects().length) found.push(element);
    }
    return found;
  }

  const seen = { name: window.name, attacked: false, menus: [] };
  window.alert = function () { seen.attacked = true; };
  window.context_menu = function (element, values, zero, container) {
    seen.menus.push([values[0].contains[0], values[0].value, container]);
  };

  window.addEventListener("load", function () {
    document.querySelectorAll(".tla-menu").forEach(menu => menu.click());
    document.querySelectorAll("*").forEach(each => each.dispatchEvent(new MouseEvent("mouseover")));
    seen.text = document.body.innerText;
    seen.faintest = texts().map(element => [contrast(element), element.textContent.trim().slice(0, 60)])
      .sort((a, b) => a[0] - b[0])[0];
    seen.width = document.documentElement.clientWidth;
    seen.needed = Math.max(document.documentElement.scrollWidth, document.querySelector(".tla").scrollWidth);
    const report = top.document.createElement("script");
    report.type = "application/json";
    report.className = "seen";
    report.textContent = JSON.stringify(seen).replace(/</g, "\\u003c");
    top.document.body.append(report);
    frameElement.style.height = Math.min(700, document.documentElement.scrollHeight + 20) + "px";
  });
})();
