"""Menus show what opens for somebody, and nothing else."""

from __future__ import annotations

from wardlight.web.menu import menus


def test_a_menu_holds_only_the_lines_that_open() -> None:
    (paper,) = menus(lambda word: word == "scans", "RVR")
    assert (paper.name, paper.lines) == ("Paper", (("Scans", "/scans/RVR"),))


def test_where_a_page_is_of_several_sites_no_list_of_one_is_offered() -> None:
    names = {menu.name for menu in menus(lambda _: True, "")}
    assert names == {"Region", "More"}
    assert all("//" not in href for menu in menus(lambda _: True, "") for _, href in menu.lines)
