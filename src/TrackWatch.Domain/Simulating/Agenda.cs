namespace TrackWatch.Domain.Simulating;

/// <summary>
/// What is due when, the earliest first and of one moment in the order of adding. An entry counts while it still says its
/// item's moment; of an item that was moved the older entries are passed over.
/// </summary>
/// <param name="dueOf">An item's present moment; null = every entry counts.</param>
internal sealed class Agenda<T>(Func<T, DateTimeOffset?>? dueOf = null)
{
    private readonly PriorityQueue<T, (DateTimeOffset At, long Order)> queue = new();
    private long added;

    /// <summary>How many items have an entry that counts.</summary>
    public int Count =>
        queue.UnorderedItems.Where(e => Counts(e.Element, e.Priority.At)).Select(e => e.Element).Distinct().Count();

    public DateTimeOffset? Next
    {
        get
        {
            while (queue.TryPeek(out var item, out var due))
            {
                if (Counts(item, due.At))
                    return due.At;
                queue.Dequeue();
            }
            return null;
        }
    }

    public void Add(T item, DateTimeOffset? at)
    {
        if (at is { } due)
            queue.Enqueue(item, (due, ++added));
    }

    /// <summary>Takes out what is due, each item once; what is added meanwhile is for another time.</summary>
    public IReadOnlyList<T> Take(DateTimeOffset now)
    {
        var due = new List<T>();
        while (Next <= now)
            due.Add(queue.Dequeue());
        return dueOf is null ? due : [.. due.Distinct()];
    }

    private bool Counts(T item, DateTimeOffset at) => dueOf is null || dueOf(item) == at;
}
