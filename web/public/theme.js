// Runs before the first paint, so that a dark page never flashes white. Kept apart: inline it would need a hash.
(function () {
  // The first number that a browser writes takes it long; the inside writes many, and the page waits for its looks now.
  try {
    if (localStorage.getItem("session")) new Intl.NumberFormat();
  } catch {}
  var system = matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var stored = null;
    try {
      stored = localStorage.getItem("theme");
    } catch {}
    var dark = stored === "dark" || (stored !== "light" && system.matches);
    document.documentElement.classList.toggle("dark", dark);
  }
  apply();
  // Evening comes, or another tab chooses: every page follows at once.
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
})();
