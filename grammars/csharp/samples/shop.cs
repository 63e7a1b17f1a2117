// A shop and its orders.
using System;
using System.Collections.Generic;
using static System.Math;
using Json = System.Text.Json;
global using System.Linq;
extern alias Old;

namespace Shop.Orders;

public delegate void Changed<in T>(object sender, T value);

[Flags]
public enum Status : byte { Open, Closed = 4 }

public record Point(int X, int Y = 0) : IShape;

public record struct Size(int Width);

public interface IRepository<out T> where T : Entity, new()
{
    const int Limit = 3;
    int Count { get; }
    T this[string key] { get; set; }
    T? Find(string key, params int[] rest);
    event Changed<int> OnChange;
}

public sealed partial class Store<T>(ILogger log, int size = 4) : Base<T>(log), IRepository<T> where T : Entity, new()
{
    private readonly Dictionary<string, T> items = new(), spare;
    public const string Name = "store";
    public static event Changed<T>? Updated, Removed;
    public required string Title { get; init; } = "none";
    public int Total => items.Count;
    public int Width
    {
        get { return field; }
        set { field = Max(value, 0); }
    }

    static Store() { Instances = 0; }

    public Store(string title) : this(null, 1) => Title = title;

    ~Store() { }

    public static Store<T> operator +(Store<T> left, T right) => left;

    public static implicit operator int(Store<T> store) => store.Total;

    public T this[string key] { get => items[key]; set => items[key] = value; }

    public async Task<IList<T>> LoadAsync<K>(string path, K key, CancellationToken token = default) where K : notnull
    {
        using var stream = File.OpenRead(path);
        try
        {
            await foreach (var (name, value) in Read(stream))
            {
                if (value is Order { Id: var id, Lines: [var head, ..] } order && id > 0)
                    items.Add(name, (T)(object)order);
            }
        }
        catch (IOException error) when (error.HResult != 0)
        {
            log.Write($"failed {path}: {error.Message}");
            throw new StoreException<T>(nameof(path), error);
        }
        finally
        {
            Updated?.Invoke(this, default);
        }
        foreach (KeyValuePair<string, T> pair in items) Console.WriteLine(pair.Key);
        for (int i = 0, j = 1; i < size; i++) { j += i; }
        using (var reader = new StreamReader(path)) { }
        int.TryParse(path, out var number);
        var (a, b) = (1, 2);
        Func<int, int> twice = x => x * 2;
        Action<int, string> log2 = (int left, string right) => { };
        var found = from item in items where item.Key == path let size = item.Value select new { item.Key, Size = size };
        int Local(int depth) => depth <= 0 ? 0 : Local(depth - 1);
        string text = key switch
        {
            string s when s.Length > 1 => s,
            int n => n.ToString(),
            _ => typeof(K).Name,
        };
        fixed (int* pointer = &numbers[0]) { }
        outer: return items.Values.Select(entry => entry).ToList<T>();
    }

    private class Inner { public int Depth; }
}
