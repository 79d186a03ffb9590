"""The demonstration says in a sentence what is wrong with its arguments, and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.demo import main


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "99999"], "argument --port"),
        (["--sandbox-port", "0"], "argument --sandbox-port"),
        (["--port", "8412", "--sandbox-port", "8412"], "must differ"),
    ],
)
def test_ports_that_cannot_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    with pytest.raises(SystemExit):
        main([*arguments, "--directory", str(tmp_path / "new")])
    assert message in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_file_is_no_directory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit):
        main(["--directory", str(tmp_path / "file")])
    assert "is no directory" in capsys.readouterr().err
