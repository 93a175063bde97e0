from __future__ import annotations

import pytest

from studyteddy.adapters.text_extraction.sandboxed import SandboxedExtractor
from studyteddy.application.ports.text_extractor import TextExtractor
from studyteddy.testing.text_extractor import TextExtractorContract


class TestSandboxedExtractor(TextExtractorContract):
    @pytest.fixture
    def extractor(self) -> TextExtractor:
        return SandboxedExtractor()
