"""Where a browser comes from on machines without one."""

import subprocess
from pathlib import Path

import pytest

import find_browser as finding
from find_browser import CHROMIUM, FIREFOX, find_browser, firefox_launch, need_browser


def failing(tried, command):
    tried.append(command)
    return subprocess.CompletedProcess(command, 1, stdout="E: no network\n")


@pytest.fixture
def bare_machine(monkeypatch):
    """Pretend that there is no browser; collect the commands that are tried, which all fail."""
    tried = []
    present = {"apt-get": "/usr/bin/apt-get"}
    monkeypatch.setattr(finding.shutil, "which", present.get)
    monkeypatch.setattr(finding.os, "geteuid", lambda: 0)
    monkeypatch.setattr(
        finding.subprocess, "run", lambda command, **options: failing(tried, command)
    )
    return tried, present


each = pytest.mark.parametrize("wanted", [CHROMIUM, FIREFOX], ids=lambda wanted: wanted.name)


@each
def test_the_one_on_the_path_comes_first(bare_machine, wanted):
    tried, present = bare_machine
    present[wanted.commands[-1]] = "/somewhere/browser"
    assert find_browser(wanted, __file__) == "/somewhere/browser"
    assert tried == []


@each
def test_then_the_one_of_playwright(bare_machine, wanted):
    assert find_browser(wanted, __file__) == __file__
    assert bare_machine[0] == []


@each
def test_then_one_is_installed(bare_machine, monkeypatch, wanted, capsys):
    tried, present = bare_machine

    def install(command, **options):
        tried.append(command)
        if command == wanted.ways[-1]:
            present[wanted.commands[0]] = "/usr/bin/browser"
            return subprocess.CompletedProcess(command, 0, stdout="")
        return subprocess.CompletedProcess(command, 1, stdout="E: no network\n")

    monkeypatch.setattr(finding.subprocess, "run", install)
    assert find_browser(wanted, "/nowhere") == "/usr/bin/browser"
    assert tried == list(wanted.ways)
    # Each command is announced, and the output of one that fails is shown.
    said = capsys.readouterr().err
    assert said.count("Running: ") == len(wanted.ways)
    assert "E: no network" in said


@each
def test_only_root_installs_for_the_system(bare_machine, monkeypatch, wanted):
    monkeypatch.setattr(finding.os, "geteuid", lambda: 1000)
    assert find_browser(wanted, "/nowhere") is None
    assert bare_machine[0] == [finding.playwright_installs(wanted.name)]


@each
def test_at_last_one_line_says_what_to_install(bare_machine, wanted):
    with pytest.raises(pytest.exit.Exception, match="install your system's package") as stopped:
        need_browser(wanted, "/nowhere")
    assert stopped.value.returncode == 3
    assert "\n" not in str(stopped.value)


def test_only_a_firefox_of_others_goes_through_the_relay(tmp_path):
    own = firefox_launch("/of/playwright", "/of/playwright", tmp_path)
    assert own["executable_path"] == "/of/playwright"
    assert "channel" not in own
    other = firefox_launch("/usr/bin/a firefox", "/of/playwright", tmp_path)
    assert other["channel"] == "moz-firefox"
    script = Path(other["executable_path"]).read_text(encoding="utf-8")
    assert "firefox_relay.py '/usr/bin/a firefox' \"$@\"" in script
    # It is a command, which hands its arguments on: no Firefox is there, and that is what it says.
    ran = subprocess.run([other["executable_path"], "--x"], capture_output=True, text=True)
    assert ran.returncode != 0
    assert "/usr/bin/a firefox" in ran.stderr
