"""The dozen functions of PDFium that reading text needs, from the library that pypdfium2 installs.

pypdfium2's own bindings declare some 450 functions and take 50 ms to import, as long as reading thirty pages.
"""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import POINTER, c_char_p, c_double, c_float, c_int, c_size_t, c_ulong, c_ushort, c_void_p

ERR_PASSWORD = 4
ERR_SECURITY = 5

_PACKAGE = "pypdfium2_raw"
_NAMES = ("libpdfium.so", "libpdfium.dylib", "pdfium.dll")


class Rectangle(ctypes.Structure):
    """FS_RECTF."""

    _fields_ = (("left", c_float), ("top", c_float), ("right", c_float), ("bottom", c_float))


def _library() -> ctypes.CDLL:
    for folder in sys.path:
        for name in _NAMES:
            path = f"{folder}/{_PACKAGE}/{name}"
            if os.access(path, os.R_OK):
                return ctypes.CDLL(path)
    import pypdfium2_raw  # type: ignore[import-untyped]  # a build that uses the system's library knows where it is

    return pypdfium2_raw.bindings._libs["pdfium"]  # type: ignore[no-any-return]


_lib = _library()


def _declare(name: str, result: object, *arguments: object) -> ctypes._NamedFuncPointer:
    function = getattr(_lib, name)
    function.restype = result
    function.argtypes = arguments
    return function  # type: ignore[no-any-return]


init_library = _declare("FPDF_InitLibrary", None)
load_document = _declare("FPDF_LoadMemDocument64", c_void_p, c_char_p, c_size_t, c_char_p)
last_error = _declare("FPDF_GetLastError", c_ulong)
page_count = _declare("FPDF_GetPageCount", c_int, c_void_p)
meta_text = _declare("FPDF_GetMetaText", c_ulong, c_void_p, c_char_p, c_void_p, c_ulong)
load_page = _declare("FPDF_LoadPage", c_void_p, c_void_p, c_int)
close_page = _declare("FPDF_ClosePage", None, c_void_p)
page_box = _declare("FPDF_GetPageBoundingBox", c_int, c_void_p, POINTER(Rectangle))
load_text = _declare("FPDFText_LoadPage", c_void_p, c_void_p)
close_text = _declare("FPDFText_ClosePage", None, c_void_p)
count_characters = _declare("FPDFText_CountChars", c_int, c_void_p)
bounded_text = _declare(
    "FPDFText_GetBoundedText", c_int, c_void_p, c_double, c_double, c_double, c_double, POINTER(c_ushort), c_int
)
whole_text = _declare("FPDFText_GetText", c_int, c_void_p, c_int, c_int, POINTER(c_ushort))
character_index = _declare("FPDFText_GetCharIndexFromTextIndex", c_int, c_void_p, c_int)
is_hyphen = _declare("FPDFText_IsHyphen", c_int, c_void_p, c_int)
