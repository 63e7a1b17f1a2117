// Valid code of C# up to 14; the grammar rejects part of it, so its findings stay silent.
#nullable enable
using static System.Math;
using Point = (int X, int Y);
global using System.Linq;
namespace Demo;
public readonly record struct Size(int Width, int Height = 0) { public required string Name { get; init; } }
public static class Extensions { extension(string text) { public int Words => text.Split(' ').Length; } }
file sealed class Store<T>(T seed) where T : notnull, allows ref struct
{
    public int Count { get; set => field = value; }
    public int[] Numbers = [1, 2, .. Rest];
    public string Raw => $$"""{"a": {{Count}}}""";
    public static bool operator true(Store<T> s) => s is { Count: > 0 and not 5 or 7, Raw: [_, .., 'x'] };
    public void Go(scoped ref int x, params ReadOnlySpan<int> xs)
    {
        a?.b = 1;
        var (p, (q, _)) = (1, (2, 3));
        Func<int, int> f = static (int x = 1) => x;
        goto case_; case_: ;
        var t = x switch { > 3 when y => 1, (1, var z) => z, string { Length: 2 } s => 3, _ => throw new() };
        await foreach (var i in s.WithCancellation(ct)) yield return i;
        delegate*<int, void> g = &M; checked { x++; } lock (this) { }
        Span<int> s2 = stackalloc int[3] { 1, 2, 3 }; var u = "x"u8; int n = 0b1010_1010;
    }
}
