"""The mix holds, no package dominates, and the seed decides."""

import unittest

from sampling import MARKUP_SHARE, PACKAGE_SHARE, TEST_SHARE, File, choose, fair_cap, spread


def files(package: str, language: str, count: int, size: int = 1_000, folder: str = "src") -> list[File]:
    endings = {"typescript": "ts", "javascript": "js", "python": "py", "json": "json", "bash": "sh"}
    paths = [f"{folder}/{number % 5}/f{number}.{endings[language]}" for number in range(count)]
    return [File("npm", package, "1", "MIT", path, language, "0", "x" * size, "train") for path in paths]


class Sampling(unittest.TestCase):
    def test_a_fair_cap_fills_small_ones_first(self) -> None:
        self.assertEqual(fair_cap([10, 100, 100], 110), 50)
        self.assertEqual(fair_cap([10, 20], 100), 20)
        self.assertEqual(fair_cap([], 100), 0)

    def test_what_one_group_lacks_goes_to_others_within_bounds(self) -> None:
        targets = spread({"a": 100.0, "b": 100.0}, {"a": 20, "b": 1_000})
        self.assertEqual(targets["a"], 20)
        self.assertAlmostEqual(targets["b"], 130)

    def test_no_package_dominates(self) -> None:
        pool = files("big", "python", 5_000) + [file for number in range(100) for file in files(f"p{number:03}", "python", 10)]
        chosen = choose(pool, 4_000_000, 1)
        self.assertLessEqual(sum(file.size for file in chosen if file.package == "big"), PACKAGE_SHARE * 4_000_000)

    def test_the_mix_of_languages(self) -> None:
        pool = [file for number in range(100) for language in ("typescript", "python") for file in files(f"{language}{number}", language, 100)]
        chosen = choose(pool, 2_000_000, 1)
        part = lambda language: sum(file.size for file in chosen if file.language == language) / 2_000_000
        self.assertAlmostEqual(part("typescript"), 0.52, delta=0.03)
        self.assertAlmostEqual(part("python"), 0.325, delta=0.03)

    def test_tests_and_markup_take_a_small_part(self) -> None:
        pool = [file for number in range(50) for file in files(f"p{number}", "python", 20, 300) + files(f"p{number}", "python", 80, 300, "tests")]
        chosen = choose(pool, 1_000_000, 1)
        self.assertLessEqual(sum(file.path.startswith("tests") for file in chosen), (TEST_SHARE + 0.01) * len(chosen))
        self.assertGreater(sum(file.path.startswith("tests") for file in chosen), 0)
        pool = [file for number in range(200) for file in files(f"p{number}", "json", 50) + files(f"p{number}", "bash", 50)]
        chosen = choose(pool, 4_000_000, 1)
        self.assertLessEqual(sum(file.language == "json" for file in chosen) / len(chosen), MARKUP_SHARE + 0.01)

    def test_the_seed_decides(self) -> None:
        pool = [file for number in range(30) for file in files(f"p{number}", "python", 100)]
        names = lambda seed: [(file.package, file.path) for file in choose(pool, 500_000, seed)]
        self.assertEqual(names(1), names(1))
        self.assertNotEqual(names(1), names(2))

    def test_files_of_a_package_lie_together_in_order(self) -> None:
        chosen = choose([file for number in (3, 1, 2) for file in files(f"p{number}", "python", 20)], 500_000, 1)
        places = [(file.package, file.path) for file in chosen]
        self.assertEqual(places, sorted(places))


if __name__ == "__main__":
    unittest.main()
