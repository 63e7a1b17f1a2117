"""Stock levels of a small shop."""

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Product:
    name: str
    price: float
    quantity: int = 0
    tags: list[str] = field(default_factory=list)


class Inventory:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.products: dict[str, Product] = {}

    def load(self) -> None:
        with open(self.path, encoding="utf-8") as file:
            rows = json.load(file)
        for row in rows:
            product = Product(row["name"], row["price"], row["quantity"])
            self.products[product.name] = product

    def total_value(self) -> float:
        total = 0.0
        for product in self.products.values():
            total += product.price * product.quantity
        return total

    def average_price(self) -> float:
        prices = [product.price for product in self.products.values()]
        return sum(prices) / len(prices)
