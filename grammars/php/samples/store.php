<?php
declare(strict_types=1);

namespace App\Shop;

use App\Model\{Item, Order as Purchase};
use Psr\Log\LoggerInterface;
use Symfony\Yaml\Yaml as Reader;
use function App\helpers\slug;
use const App\LIMIT;
require_once __DIR__ . '/vendor/autoload.php';
include 'legacy.php';

const VERSION = '1.0', BUILD = 2;
define('ROOT', __DIR__);

interface Named extends \Stringable
{
    public const KIND = 'named';
    public function name(): string;
}

trait Counts
{
    protected static int $count = 0;
    abstract public function size(): int;
}

#[Attribute]
enum Status: string implements Named
{
    case Open = 'open';
    case Closed = 'closed';
    const DEFAULT = self::Open;

    public function name(): string { return $this->value; }
}

/** Holds items. */
final class Store extends Base implements Named, \Countable
{
    use Counts, Loggable;

    private ?array $items = [], $spare;
    public string $title { get => $this->title; set(string $value) { $this->title = trim($value); } }

    public function __construct(private readonly LoggerInterface $log, protected int $size = 4, string ...$tags)
    {
        parent::__construct($log);
        $this->items = $tags;
        $this->extra = null;
    }

    public static function open(string $path, array &$errors = [], Item|Purchase|null $first = null): static
    {
        global $settings;
        static $cache = [];
        try {
            $data = json_decode(file_get_contents($path), true, flags: JSON_THROW_ON_ERROR);
        } catch (\JsonException | Reader\ParseError $error) {
            throw new StoreException("cannot read {$path}: {$error->getMessage()}", previous: $error);
        } finally {
            self::$count++;
        }
        foreach ($data as $key => ['name' => $name, 'price' => $price]) {
            $errors[] = $name . $price;
        }
        foreach ($data as $item) { echo $item; }
        for ($i = 0, $j = 1; $i < static::LIMIT; $i++) { continue; }
        [$a, [$b, , $c]] = $data;
        list('x' => $x, 'y' => $y) = $data;
        $add = function (int $left, $right) use ($path, &$cache): int { return $left + $right; };
        $twice = fn(int $x): int => $x * 2;
        $kind = match (true) {
            $item instanceof Item => 'item',
            default => Status::Open->name(),
        };
        $object = new class($path) extends Store { public int $depth = 0; };
        return $object?->log?->write(slug($kind), ...$data);
    }

    public function count(): int
    {
        if ($this->items[0]->{$name} ?? null) {
            $list = array_map($this->size(...), $this->items);
        }
        return \strlen($this->title);
    }
}

function total(iterable $items): float
{
    $sum = 0.0;
    foreach ($items as $item) { $sum += $item->price; }
    return $sum;
}

$store = Store::open(VERSION);
$store->name = <<<TEXT
    Hello {$store->title}
    TEXT;
echo $store, PHP_EOL;
?>
<p><?= total($store) ?></p>
