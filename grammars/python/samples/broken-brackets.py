import os


def total(items:
    return sum(items)


class Shelf:
    def first(self):
        return self.items[0


value = {"a": 1, "b": (2, 3}
print(value)
