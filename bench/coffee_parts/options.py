# ruff: noqa: E501 (tables read better in one line)
"""The coffee bar's options as its owner would write them: values, and other words for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

OPTIONS = ("Honey", "Sugar", "Stevia", "Splenda", "Hot", "Sweet", "Almond Milk", "Bigelow", "Lipton")  # no drinks
GROUPS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "Milk": {
        "Whole Milk": ("full fat milk", "regular milk"),
        "2% Milk": ("2 percent", "two percent", "2 percent milk", "two percent milk", "semi-skimmed milk", "low fat milk"),
        "Non-Fat Milk": ("skim milk", "skim", "nonfat", "fat free milk", "skimmed milk"),
        "Oat Milk": (),
        "2% Lactose Free Milk": ("lactose free milk", "2% lactose free", "lactose free", "lactaid"),
        "Almond Milk": (),
        "No Milk": (),
    },
    "Hot or Iced": {"Hot": (), "Iced": ("ice", "with ice", "over ice", "on ice", "cold")},
    "Espresso Shots": {
        "Single": ("single shot", "one shot", "1 shot", "single shots", "one shot of espresso", "1 shot of espresso"),
        "Double": ("double shot", "two shots", "2 shots", "double shots", "two shots of espresso", "2 shots of espresso"),
        "Triple": ("triple shot", "three shots", "3 shots", "triple shots", "three shots of espresso", "3 shots of espresso"),
        "Quadruple": ("quad", "quadruple shot", "four shots", "4 shots", "quad shot", "quadruple shots", "quadruple espresso shots"),
    },
    "Caffeine": {
        "Decaf": ("decaffeinated", "no caffeine", "without caffeine", "caffeine free", "non caffeinated"),
        "Caff": ("caffeinated", "with caffeine", "caffeine"),
    },
}  # fmt: skip
ADDONS = {
    "Vanilla Sweetener": ("vanilla",),
    "Sugar Free Vanilla Sweetener": ("sugar free vanilla", "sugarless vanilla"),
    "Caramel Sauce": ("caramel",),
    "Chocolate Sauce": ("chocolate",),
    "Hazelnut Sweetener": ("hazelnut",),
    "Honey": (),
    "Sugar": (),
}
