// The first person found has the focus, so that Enter opens the chart. Plain ES2017.
(function () {
  "use strict";
  var first = document.querySelector("a[data-first]");
  if (first) { first.focus(); }
}());
