"""Where the browser comes from, on machines that have none."""

import pytest

import find_chromium


@pytest.fixture
def bare_machine(monkeypatch):
    """Pretend that there is no Chromium; return the commands that were tried, which do nothing."""
    tried = []
    present = {"apt-get": "/usr/bin/apt-get"}
    monkeypatch.setattr(find_chromium.shutil, "which", present.get)
    monkeypatch.setattr(find_chromium.os, "geteuid", lambda: 0)
    monkeypatch.setattr(
        find_chromium.subprocess, "run", lambda command, **options: tried.append(command)
    )
    return tried, present


def test_the_one_on_the_path_comes_first(bare_machine):
    tried, present = bare_machine
    present["chromium"] = "/somewhere/chromium"
    assert find_chromium.find_chromium(__file__) == "/somewhere/chromium"
    assert tried == []


def test_then_the_one_of_playwright(bare_machine):
    assert find_chromium.find_chromium(__file__) == __file__
    assert bare_machine[0] == []


def test_then_one_is_installed(bare_machine, monkeypatch):
    tried, present = bare_machine

    def install(command, **options):
        tried.append(command)
        if command == find_chromium.DEBIAN:
            present["chromium"] = "/usr/bin/chromium"

    monkeypatch.setattr(find_chromium.subprocess, "run", install)
    assert find_chromium.find_chromium("/nowhere") == "/usr/bin/chromium"
    assert tried == [find_chromium.PLAYWRIGHT, find_chromium.DEBIAN]


def test_at_last_one_line_says_what_to_install(bare_machine):
    with pytest.raises(pytest.exit.Exception, match="install your system's package") as stopped:
        find_chromium.find_chromium("/nowhere")
    assert stopped.value.returncode == 3
    assert "\n" not in str(stopped.value)
