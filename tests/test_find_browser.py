"""How the tests find a browser, and install one if necessary."""

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
    """Simulate a machine without browsers; collect the commands tried, which all fail."""
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
def test_a_browser_on_the_path_is_preferred(bare_machine, wanted):
    tried, present = bare_machine
    present[wanted.commands[-1]] = "/somewhere/browser"
    assert find_browser(wanted, __file__) == "/somewhere/browser"
    assert tried == []


@each
def test_playwrights_own_browser_is_the_second_choice(bare_machine, wanted):
    assert find_browser(wanted, __file__) == __file__
    assert bare_machine[0] == []


@each
def test_a_missing_browser_is_installed(bare_machine, monkeypatch, wanted, capsys):
    tried, present = bare_machine

    def install(command, **options):
        tried.append(command)
        if command == wanted.install_commands[-1]:
            present[wanted.commands[0]] = "/usr/bin/browser"
            return subprocess.CompletedProcess(command, 0, stdout="")
        return subprocess.CompletedProcess(command, 1, stdout="E: no network\n")

    monkeypatch.setattr(finding.subprocess, "run", install)
    assert find_browser(wanted, "/nowhere") == "/usr/bin/browser"
    assert tried == list(wanted.install_commands)
    # Each command is printed, and the output of a failed one is shown.
    printed = capsys.readouterr().err
    assert printed.count("Running: ") == len(wanted.install_commands)
    assert "E: no network" in printed


@each
def test_only_root_installs_for_the_system(bare_machine, monkeypatch, wanted):
    monkeypatch.setattr(finding.os, "geteuid", lambda: 1000)
    assert find_browser(wanted, "/nowhere") is None
    assert bare_machine[0] == [finding.playwright_command(wanted.name)]


@each
def test_if_installing_fails_one_line_says_what_to_install(bare_machine, wanted):
    with pytest.raises(pytest.exit.Exception, match="install your system's package") as stopped:
        need_browser(wanted, "/nowhere")
    assert stopped.value.returncode == 3
    assert "\n" not in str(stopped.value)


def test_only_a_system_firefox_goes_through_the_relay(tmp_path):
    own = firefox_launch("/of/playwright", "/of/playwright", tmp_path)
    assert own["executable_path"] == "/of/playwright"
    assert "channel" not in own
    other = firefox_launch("/usr/bin/a firefox", "/of/playwright", tmp_path)
    assert other["channel"] == "moz-firefox"
    script = Path(other["executable_path"]).read_text(encoding="utf-8")
    assert "firefox_relay.py '/usr/bin/a firefox' \"$@\"" in script
    # The script runs the relay, which fails because there is no Firefox at that path.
    ran = subprocess.run([other["executable_path"], "--x"], capture_output=True, text=True)
    assert ran.returncode != 0
    assert "/usr/bin/a firefox" in ran.stderr
