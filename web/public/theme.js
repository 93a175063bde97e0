// Runs before the first paint, so that a dark page never flashes white. Kept apart: inline it would need a hash.
(function () {
  var stored = null;
  try {
    stored = localStorage.getItem("theme");
  } catch {}
  var dark = stored === "dark" || (stored !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
})();
