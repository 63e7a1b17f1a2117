# Valid code of Python 3.8 to 3.14 that must give no finding.
import asyncio
from contextlib import asynccontextmanager

type Vector = list[float]
type Tree[T] = T | list[Tree[T]]


class Box[T: (int, str), *Ts, **P]:
    value: T

    def swap[U](self, other: "Box[U]", /) -> tuple[T, U]:
        return self.value, other.value


def first[T](items: list[T], default: T | None = None) -> T | None:
    return items[0] if items else default


async def main(*args: *tuple[int, ...], **options: str) -> None:
    async with asyncio.TaskGroup() as group, asyncio.timeout(1):
        group.create_task(asyncio.sleep(0))
    with (
        open("a") as a,
        open("b") as b,
    ):
        print(a, b)
    try:
        raise ExceptionGroup("many", [ValueError(1)])
    except* ValueError as error:
        print(f"{error!r:>{10}} {'nested ' + f'{1 + 1}'} {error=}")
    except* (TypeError, OSError):
        pass
    async for item in source():
        print(item)
    values = [x async for x in source() if await check(x)]
    if (count := len(values)) > 3:
        print(f"""{
            count  # a comment inside
        }""")
    print(t"hello {count}")


def match_all(command):
    match command.split():
        case ["go", ("north" | "south") as direction, *_]:
            return direction
        case {"x": int(x), "y": -1 | 1.5e3, **rest} if x > 0:
            return rest
        case Point(x=0, y=0) | None | True:
            return 0
        case [Point(), [int(), str()]] | ():
            return 1
        case module.CONSTANT | "text" "more":
            return 2
        case _:
            return ...


@(lambda f: f)
def decorated(a, b=1, /, c=2, *, d, e=3, **rest): ...


match = {**{"a": 1}, "b": [*range(3)]}
type = print
case = match["a"]
x = y = lambda *a, k=1, **b: (yield)
number = 0x_FF + 1_000.0_1e-1_0j + 0b1 + 0o7
matrix = a @ b
matrix @= c
print(*[1], sep="", **{"end": "\n"})
del x, (y), number


def legacy():
    try:
        pass
    except ValueError, TypeError:
        pass
    nonlocal_name: int
    assert isinstance(x, int), "message"
    return [i for i in range(5) for j in range(i) if i if j], {k: v for k, v in {}.items()}, {*()}


class Defaults[T = int, *Ts = *tuple[int, str], **P = [int]]:
    pass


type Alias[T, U = list[T]] = dict[T, U]


def default[T: object = int](value: T) -> T: ...


lazy import json
lazy from os import path
