from __future__ import annotations

from studyteddy.entrypoints.cli import main

if __name__ == "__main__":
    main()
