<?php
// Valid code of PHP 7.4 to 8.4 that must give no finding.
declare(strict_types=1);
namespace Demo\Sub;
use Foo\{A, B as C, function d, const E};
#[Attribute(Attribute::TARGET_CLASS | Attribute::IS_REPEATABLE), Other]
abstract class Base { abstract public string $full { get; } final protected const string NAME = 'x'; }
final readonly class User extends Base implements \JsonSerializable
{
    use T1, T2 { T1::go insteadof T2; T2::go as protected gone; }
    public string $full { get => $this->a . $this->b; set(string $v) => $this->a = $v; }
    public private(set) ?int $id = null;
    public function __construct(private string|int|null $a = 'x', public readonly (A&B)|null $b = new C(1)) {}
    public static function make(self ...$rest): static|never { return new static(...$rest); }
    public function jsonSerialize(): mixed { return ['a' => $this->a, ...$this->rest()]; }
}
enum Suit: string { case Hearts = 'H'; const Wild = self::Hearts; public static function f(): self { return static::Hearts; } }
interface I extends A, B { const X = 1; public function f(int &$x, callable ...$c): iterable; }
$f = strlen(...); $g = fn(int|false $x = 1): ?int => $x ?? throw new E(); $h = static function () use (&$f): void {};
$m = match (true) { $a > 1, $b => 'x', default => match ($c) { 1 => 2 } };
[$a, 'k' => [$b, , $c]] = $list; list(, $d) = $e; [$x, $y] = [$y, $x];
$o?->p?->q()?->{'dyn'}[0]::CONST; $obj::class; new class(1) extends A { public $x; }; (clone $o)->x; (new A)->b();
$t = $input |> trim(...) |> strtoupper(...);
echo <<<"HTML"
    Hello {$o->name} ${var} {$a['k']} $a[0] $o->p
    HTML . <<<'RAW'
    raw $x
    RAW;
$n = 1_000 + 0x1F + 0b11 + 0o17 + .5e-3 ** 2 <=> 3; $a ??= $b ?: $c; @$x['y'];
foreach ($list as ['id' => $id, 'n' => [$first]]): echo $id; endforeach;
if ($a): elseif ($b): else: endif; while (1): endwhile; switch (1) { case 1: default: } for (;;) { break 2; }
function &gen(int $x, string ...$r): \Generator { yield; yield $k => $v; $z = yield from g(); return 1; }
try { } catch (A | B) { } finally { } goto end; end: static $s = 1; global $w; unset($a, $b['c']);
$fn = named(a: 1, b: 2, ...$rest); isset($a->b, $c[1]) && !empty($d) and print 'x'; exit;
$copy = clone($o, ['x' => 1]); (void) f();
class Promoted { public function __construct(final public string $x) {} }
?>
<p><?= $x ?></p>
<?php if ($x): ?><b>yes</b><?php endif ?>
