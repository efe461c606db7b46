// Runs before the first paint, from our own origin because the page allows no inline script: sets theme, density and
// language on <html>, so that nothing flashes. The same rules as src/lib/platform/ground.ts; ground.test.ts runs both.
;(function () {
  var root = document.documentElement
  var read = function (key) {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  }
  var video = /^\/(surveillance|relecture)(\/|$)/.test(location.pathname)
  var theme = read(video ? 'vigie.theme.video' : 'vigie.theme.page')
  root.dataset.theme = /^(light|dark|system)$/.test(theme) ? theme : video ? 'dark' : 'system'
  root.dataset.density = video ? 'console' : 'page'
  root.lang = read('vigie.language') === 'en' ? 'en' : 'fr'
})()
