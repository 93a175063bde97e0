"""In which form cards cross from the confined process: known to both sides, and light."""

from __future__ import annotations

CARDS_A_SECTION = 100
UNIT = "cards"
