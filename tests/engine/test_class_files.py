"""Compiled classes are found in folders and jars."""

import zipfile
from pathlib import Path

import pytest

from app.domain.errors import TellUser
from app.engine.class_files import read_classes
from tests.build import working_copy

CLASSES = Path(__file__).parent.parent / "analysis" / "coverage" / "data" / "jvm" / "classes"
CART = CLASSES / "com" / "shop" / "Cart.class"


def names(*paths: Path) -> set[str]:
    return {found.name for found in read_classes(paths).values()}


def test_classes_are_found_below_a_folder() -> None:
    assert {"com/shop/Cart", "com/shop/Cart$Item", "com/shop/Never"} <= names(CLASSES)


def test_classes_are_found_in_a_jar(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "shop.jar", "w") as jar:
        jar.write(CART, "com/shop/Cart.class")
        jar.writestr("META-INF/MANIFEST.MF", "")
    assert names(tmp_path) == names(tmp_path / "shop.jar") == {"com/shop/Cart"}


def test_a_folder_without_classes_is_told(tmp_path: Path) -> None:
    working_copy(tmp_path)
    with pytest.raises(TellUser, match="holds no compiled Java classes"):
        read_classes((tmp_path,))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(TellUser, match="There is no"):
        read_classes((tmp_path / "target",))


def test_a_damaged_class_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "Cart.class").write_bytes(CART.read_bytes()[:300])
    with pytest.raises(TellUser, match=r"Cart\.class cannot be read"):
        read_classes((tmp_path,))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"\xca\xfe\xba\xbe"])
def test_what_is_no_jar_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "shop.jar").write_bytes(content)
    with pytest.raises(TellUser, match="no jar"):
        read_classes((tmp_path,))


def test_a_jar_that_was_changed_after_it_was_made_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "shop.jar", "w", zipfile.ZIP_DEFLATED) as jar:
        jar.write(CART, "com/shop/Cart.class")
    data = bytearray((tmp_path / "shop.jar").read_bytes())
    data[200:260] = bytes(60)
    (tmp_path / "shop.jar").write_bytes(data)
    with pytest.raises(TellUser, match="no jar"):
        read_classes((tmp_path,))
