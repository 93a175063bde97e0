"""The ``studyteddy`` program: it runs a command, and tells what went wrong in one line and an exit code."""

from __future__ import annotations

import sys

EXIT_FAULT = 1
EXIT_SETTINGS = 2


def main() -> None:
    """Run the program; an expected fault is one line on standard error and an exit code."""
    sys.exit(_run())


def _run() -> int:
    from studyteddy.domain.errors import StudyTeddyError
    from studyteddy.entrypoints.faults import PortInUse, SettingsFault, StartFault

    try:
        from studyteddy.entrypoints.commands.program import program

        program()
    except SettingsFault as fault:
        return _complain("The settings are wrong:", *fault.faults, code=EXIT_SETTINGS)
    except StartFault as fault:
        return _complain("Study Teddy can't start:", *fault.faults)
    except PortInUse as fault:
        return _complain(str(fault))
    except StudyTeddyError as fault:
        return _complain(fault.message)
    except ModuleNotFoundError as fault:
        package = (fault.name or "").partition(".")[0]
        if package == "studyteddy":
            raise
        return _complain(f"The package {package} is missing. Install the program: pip install 'studyteddy[embedded]'")
    except OSError as fault:
        return _complain(f"{fault.filename or 'The system'}: {fault.strerror or fault}")
    return 0


def _complain(*lines: str, code: int = EXIT_FAULT) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return code
