// "2 people look like this": searches the list of people this tablet holds, with or without a
// server, by the rules of views/patients/similar.py (one table of cases holds both). It never chooses.
(function () {
  "use strict";
  var LIKELY = 20, MOST = 20, FULL = 10;
  var PLAIN = { "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ς": "σ" };
  var MARKS = /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]/g;
  var ALIKE = { o: "0", i: "1", l: "1" }; // as people read a number off a band

  function plain(text) {
    var lower = (text || "").toLowerCase().replace(/[łøđßæœıς]/g, function (c) { return PLAIN[c]; });
    return lower.normalize("NFKD").replace(MARKS, "").trim();
  }

  function parts(name) { return plain(name).split(/[\s\-'\u2019.,]+/); }

  function joined(name) { return parts(name).join(""); }

  function asRead(number) {
    var bare = plain(number).replace(/[oil]/g, function (c) { return ALIKE[c]; });
    return bare.replace(/[\s\-'\u2010-\u2015\u2019.,:;|/\\_()#*+&]+/g, "");
  }

  function reason(points, words) { return { points: points, words: words }; }

  function points(reasons) {
    return reasons.reduce(function (sum, one) { return sum + one.points; }, 0);
  }

  // One letter more, less or other, or two exchanged.
  function near(one, other) {
    var short = one.length <= other.length ? one : other;
    var long = short === one ? other : one;
    if (short.length < 4 || long.length - short.length > 1) { return false; }
    var at = 0;
    while (at < short.length && short[at] === long[at]) { at += 1; }
    if (short.length < long.length) { return short.slice(at) === long.slice(at + 1); }
    var swapped = (short[at + 1] || "") + (short[at] || "") + short.slice(at + 2);
    return short.slice(at + 1) === long.slice(at + 1) || swapped === long.slice(at);
  }

  function startsSame(one, other) { return one.indexOf(other) === 0 || other.indexOf(one) === 0; }

  function byFamily(asked, known) {
    var one = joined(asked), other = joined(known);
    if (!one || !other) { return []; }
    if (one === other) { return [reason(30, "same family name")]; }
    if (Math.min(one.length, other.length) >= 2 && startsSame(one, other)) {
      return [reason(20, "family name begins the same")];
    }
    var others = parts(known);
    if (parts(asked).some(function (part) { return part.length >= 3 && others.indexOf(part) >= 0; })) {
      return [reason(20, "one part of the family name is the same")];
    }
    return near(one, other) ? [reason(20, "family name one letter apart")] : [];
  }

  function byGiven(asked, known) {
    var one = joined(asked), other = joined(known);
    if (!one || !other) { return []; }
    if (one === other) { return [reason(15, "same given name")]; }
    if (startsSame(one, other)) { return [reason(10, "given name begins the same")]; }
    return near(one, other) ? [reason(6, "given name one letter apart")] : [];
  }

  function byName(looked, name, at) {
    var found = byFamily(looked.family, name[0]).concat(byGiven(looked.given, name[1]));
    var one = joined(looked.family), other = joined(looked.given);
    if (one && other && one === joined(name[1]) && other === joined(name[0]) && points(found) < 40) {
      found = [reason(40, "family and given name exchanged")];
    }
    if (at === 0) { return found; }
    return found.map(function (hit) { return reason(hit.points, hit.words + " (another name)"); });
  }

  function byBirth(looked, known, year) {
    var asked = looked.birth || "", apart = 0;
    if (!known) { return []; }
    if (!asked) {
      if (typeof looked.age !== "number") { return []; }
      apart = Math.abs(year - Number(known.slice(0, 4)) - looked.age);
      var band = Math.max(5, Math.floor(looked.age / 10));
      return apart <= band ? [reason(8, "about the same age")] : [];
    }
    if (asked === known) {
      return [asked.length === FULL ? reason(30, "same birth date") : reason(12, "same birth date, in part")];
    }
    if (asked.length === FULL && known.length === FULL) {
      if (asked.slice(0, 4) + asked.slice(8) + asked.slice(5, 7) === known.slice(0, 4) + known.slice(5, 7) + known.slice(8)) {
        return [reason(20, "day and month of birth exchanged")];
      }
      for (var at = 0; at < FULL; at += 1) { apart += asked[at] === known[at] ? 0 : 1; }
      return apart === 1 ? [reason(15, "birth date one digit apart")] : [];
    }
    return startsSame(asked, known) ? [reason(10, "birth date fits")] : [];
  }

  function bySex(asked, known) {
    if (!asked || !known || asked === "U" || known === "U") { return []; }
    return [asked === known ? reason(2, "same sex") : reason(0, "another sex on record")];
  }

  function candidate(looked, row, at, year) {
    var names = row.n || [], wanted = asRead(looked.number), named = [];
    var number = wanted && (row.i || []).some(function (one) { return asRead(one) === wanted; });
    names.forEach(function (name, place) {
      var told = byName(looked, name, place);
      if (points(told) > points(named)) { named = told; }
    });
    var unknown = !names.length && !looked.family && !looked.given;
    var all = (number ? [reason(100, "same number")] : []).concat(
      named, unknown ? [reason(15, "name of neither known")] : [],
      byBirth(looked, row.b, year), bySex(looked.sex, row.s));
    var family = joined(looked.family);
    return {
      row: at, points: points(all), reasons: all.map(function (one) { return one.words; }),
      same_family: Boolean(family && names.length && joined(names[0][0]) === family)
    };
  }

  // `looked`: number, family, given, birth (ISO), age, sex; `year` is the year of today.
  function candidates(looked, rows, year) {
    var found = rows.map(function (row, at) { return candidate(looked, row, at, year); });
    found = found.filter(function (one) { return one.points >= LIKELY; });
    found.sort(function (a, b) { return b.points - a.points || a.row - b.row; });
    return found.slice(0, MOST);
  }

  window.wardlight = window.wardlight || {};
  window.wardlight.search = { candidates: candidates };
}());
