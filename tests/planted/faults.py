"""Mistakes that somebody could make one day, each with the test that has to find it.

Every fault is a change of the product's own text. When that text is no longer there the fault
has to be planted anew: a list that plants nothing proves nothing.
"""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """One mistake: which text becomes which, and the test that must then fail."""

    name: str
    file: str
    old: str
    new: str
    test: str


LOG, FEEDS, VIEWS, WIRE = ("src/wardlight/" + name for name in ("log", "feeds", "views", "wire"))
RUN, PAPER, WEB = ("src/wardlight/" + name for name in ("run", "paper", "web"))
IN_SQLITE = "tests/log/test_sqlite.py::"
IN_FOLD = "tests/views/test_fold.py::"
IN_NODE_LOG = "tests/run/keeping/test_node_log.py::"

FAULTS = (
    Fault(
        "committed does not mean synced",
        f"{LOG}/schema.py",
        '        assert connection.pragma("synchronous") == 2, ',
        '        connection.execute("PRAGMA synchronous = NORMAL")\n        assert True, ',
        f"{IN_SQLITE}test_one_append_of_many_drafts_makes_one_sync",
    ),
    Fault(
        "a failed sync is tried again and then acknowledged",
        f"{LOG}/sqlite.py",
        "                raise LogBroken(self._stop(error)) from error\n",
        "                self._store(entries, filled)\n",
        f"{IN_SQLITE}test_a_failed_sync_stops_the_log_for_good",
    ),
    Fault(
        "what was not kept is acknowledged",
        f"{FEEDS}/connection.py",
        "safe=entry is not None",
        "safe=True",
        "tests/feeds/test_mllp_server.py::test_a_full_disk_answers_ae_and_the_next_try_is_kept",
    ),
    Fault(
        "the chain is not verified at opening",
        f"{LOG}/sqlite.py",
        "        _verify_tail(reader, where)\n",
        "",
        f"{IN_SQLITE}test_damage_in_the_tail_is_named_at_opening",
    ),
    Fault(
        "what reached no disk is appended to after a restart",
        f"{LOG}/sqlite.py",
        "        make_durable(folder)\n",
        "",
        "tests/durability/test_power_cuts.py::"
        "test_no_promised_entry_is_lost_by_a_power_cut_after_a_failed_sync_and_a_restart",
    ),
    Fault(
        "positions are given twice",
        f"{LOG}/chain.py",
        "enumerate(drafts, after.position + 1)",
        "enumerate(drafts, after.position or 1)",
        "tests/log/test_memory.py",
    ),
    Fault(
        "the time of recording is not sealed",
        f"{LOG}/chain.py",
        "said.version, said.occurred, said.recorded)",
        "said.version, said.occurred, 0)",
        "tests/log/test_chain.py::test_a_change_of_any_part_is_named_by_its_position",
    ),
    Fault(
        "the body is not sealed",
        f"{LOG}/chain.py",
        "numbers, texts, body))",
        "numbers, texts))",
        "tests/log/test_chain.py::test_a_change_of_any_part_is_named_by_its_position",
    ),
    Fault(
        "a lost tail is not compared with the witness",
        f"{LOG}/agreement.py",
        "    if seen.size() > last:\n",
        "    if seen.size() < 0:\n",
        f"{IN_NODE_LOG}test_a_tail_lost_by_one_flipped_bit_is_noticed_and_the_rest_is_readable",
    ),
    Fault(
        "the entry that was acknowledged last is not compared",
        f"{LOG}/agreement.py",
        "        if entry.chain != seen.tail.chain:\n",
        "        if not entry.chain:\n",
        f"{IN_NODE_LOG}test_another_entry_in_the_place_of_an_acknowledged_one_is_noticed",
    ),
    Fault(
        "a signed root is not compared",
        f"{LOG}/agreement.py",
        "        if root_at(head.size, log.subtree) != head.root:\n",
        "        if not head.root:\n",
        f"{IN_NODE_LOG}test_a_signed_head_of_another_log_is_noticed",
    ),
    Fault(
        "the mark of the tail is not authenticated",
        f"{LOG}/heads.py",
        "    if head is None or not compare_digest(tail_line(head, key), line):\n",
        "    if head is None:\n",
        "tests/log/test_heads.py::test_any_changed_bit_of_the_tail_is_doubted_and_never_believed",
    ),
    Fault(
        "a wrong signature is passed over",
        f"{LOG}/checkpoint.py",
        'raise CheckpointError(f"The signature of {signature.name} is wrong.") from wrong\n',
        "del wrong\n",
        "tests/log/test_checkpoint.py::test_every_flipped_bit_of_a_signed_head_is_refused",
    ),
    Fault(
        "a sealed file may stand in another's place",
        f"{LOG}/sealed.py",
        "MAGIC + purpose.encode()",
        "MAGIC",
        "tests/log/test_sealed.py::test_a_file_for_another_purpose_or_of_another_key_is_refused",
    ),
    Fault(
        "a snapshot of another log is taken over",
        f"{RUN}/keeping/kept_copy.py",
        "        return views if belongs and ",
        "        return views if True or ",
        "tests/run/keeping/test_kept_copy.py::test_a_snapshot_of_another_log_is_not_taken_over",
    ),
    Fault(
        "the same id is taken for the same message",
        f"{VIEWS}/seen.py",
        "        if known == headline.content:\n",
        "        if known is not None:\n",
        f"{IN_FOLD}test_the_same_id_with_other_content_is_applied_and_flagged",
    ),
    Fault(
        "a repeat is applied again",
        f"{VIEWS}/seen.py",
        "            return Sight.AGAIN\n",
        "            return Sight.NEW\n",
        f"{IN_FOLD}test_the_same_message_twice_has_one_effect_and_is_counted",
    ),
    Fault(
        "a new time of sending makes another message",
        f"{WIRE}/hl7v2/digests.py",
        "    start, end = _message_time(raw)\n",
        "    start, end = 0, 0\n",
        "tests/wire/hl7v2/test_headline.py::"
        "test_a_resent_message_has_the_same_identity_and_content",
    ),
    Fault(
        "what is not understood is passed over",
        f"{VIEWS}/fold.py",
        "            self.unread.add(entry, headline.unread, headline.what)\n",
        "",
        f"{IN_FOLD}test_what_is_not_understood_is_on_the_unread_list_with_its_reason",
    ),
    Fault(
        "silence about allergies is none known",
        f"{VIEWS}/bedside/allergies.py",
        "    state = AllergyState.NOT_RECORDED\n",
        "    state = AllergyState.NONE_KNOWN\n",
        "tests/views/bedside/test_allergies.py::test_silence_is_never_none_known",
    ),
    Fault(
        "a merge forgets one of the charts",
        f"{VIEWS}/fold.py",
        "for view in (self.census, self.schedule, self.charts):",
        "for view in (self.census, self.schedule):",
        f"{IN_FOLD}test_after_a_merge_the_chart_holds_what_was_said_of_both",
    ),
    Fault(
        "another patient's part of a message is in the chart",
        f"{VIEWS}/patients/charts.py",
        "for one in self._said(patient) if is_theirs(one.patient)]",
        "for one in self._said(patient)]",
        f"{IN_FOLD}test_another_patients_part_of_a_message_is_not_in_the_chart",
    ),
    Fault(
        "a withdrawn result is shown",
        f"{VIEWS}/laboratory/reports.py",
        "HIDDEN = frozenset({ResultState.WITHDRAWN, ResultState.WRONG_PATIENT})",
        "HIDDEN = frozenset({ResultState.WRONG_PATIENT})",
        "tests/web/laboratory/test_results.py::test_a_withdrawn_result_shows_no_value_anywhere",
    ),
    Fault(
        "what comes late is taken for the newest",
        f"{VIEWS}/patients/census.py",
        "        if not file.steps or file.steps[-1].order() <= taken.order():\n",
        "        if not file.steps or taken.order():\n",
        "tests/properties/test_views.py::test_the_order_of_arrival_changes_nothing",
    ),
    Fault(
        "ages follow a clock that was set",
        f"{RUN}/clock.py",
        "        return Instant(self._steady() + self._offset)\n",
        "        return self._wall()\n",
        "tests/run/test_clock.py::test_ages_count_real_time_and_a_jump_is_named",
    ),
    Fault(
        "a name that no font has is printed as boxes",
        f"{PAPER}/packs/pack.py",
        "    if found and not substitute:\n",
        "    if not found and not substitute:\n",
        "tests/paper/packs/test_pack.py::"
        "test_a_name_the_fonts_cannot_draw_is_an_error_before_anything_is_printed",
    ),
    Fault(
        "one unit's pack takes another's place",
        f"{RUN}/paperwork/packs.py",
        "    if kept and kept == name:\n",
        "    if kept:\n",
        "tests/run/paperwork/test_packs.py::test_two_units_never_share_a_file_whatever_they_are_called",
    ),
    Fault(
        "screens answer any name",
        f"{WEB}/security.py",
        "    if not (is_this_machine(host) or name_of(host) in names):\n",
        "    if not host:\n",
        "tests/web/test_security.py::test_a_strange_host_name_is_refused",
    ),
    Fault(
        "a message above the limit is taken",
        f"{WIRE}/mllp.py",
        "            and len(chunk) <= self._max_bytes\n",
        "",
        "tests/wire/test_mllp.py::test_one_whole_frame_above_the_limit_is_oversized",
    ),
    Fault(
        "what a message says reaches the terminal as it is",
        f"{RUN}/commands/say.py",
        '    return "".join(char if char.isprintable() else " " for char in text)\n',
        "    return text\n",
        "tests/run/commands/test_say.py::test_no_character_of_a_message_steers_the_terminal",
    ),
)
