// Lists who looks like the one being registered, for a person to choose from, or to say that it is
// none of these. Says from which list, how old it is and who is not in it.
(function () {
  "use strict";
  var candidates = window.wardlight.search.candidates;

  function add(box, kind, words) {
    var made = document.createElement(kind);
    made.textContent = words;
    return box.appendChild(made);
  }

  function choice(box, value, words, alert) {
    var label = add(box, "label", ""), input = label.appendChild(document.createElement("input"));
    input.type = "radio"; // none is chosen beforehand: a person looks first
    input.name = "same_as";
    input.value = value;
    add(label, "span", " " + words);
    if (alert) { add(label, "strong", " NAME ALERT"); }
  }

  // `held`: rows with the handle `h`, and `as_of` in words. Returns how many look like this.
  function show(box, held, looked, year) {
    var found = candidates(looked, held.rows, year);
    box.textContent = "";
    add(box, "p", found.length + (found.length === 1 ? " person looks" : " people look") +
      " like this, of " + held.rows.length + " on this tablet as of " + held.as_of +
      ". Protected patients and those who left are not among them.");
    found.forEach(function (one) {
      var row = held.rows[one.row], name = (row.n || [["Name not known", ""]])[0];
      var who = [name[0].toUpperCase() + (name[1] ? ", " + name[1] : ""), row.b ? "Born " + row.b : "",
        row.s, (row.i || [])[0], row.p, one.reasons.join(", ")];
      choice(box, row.h, who.filter(Boolean).join(" · "), one.same_family);
    });
    if (found.length) { choice(box, "", "None of these"); }
    return found.length;
  }

  window.wardlight.search.show = show;
}());
