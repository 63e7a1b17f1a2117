class Broken
{
    int Total(int[] items
    {
        var sum = 0;
        foreach (var item in items { sum += item; }
        return sum
    }
}
