using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.TrackingMore;

/// <summary>The numbers of one question on their way through its requests.</summary>
internal sealed class TrackingMoreRound
{
    private static readonly Deferral BeingFetched = new(
        "TrackingMore has just been told of it: the first answer takes a while",
        TimeSpan.FromMinutes(10)
    );

    private static readonly Deferral ToBeRegistered = new(
        "TrackingMore does not know the number any more; it is registered anew with the next question",
        TimeSpan.FromMinutes(1)
    );

    private readonly DateOnly _today;
    private readonly Dictionary<string, string> _memos = [];
    private readonly HashSet<string> _new = [];
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _entries = [];
    private readonly Dictionary<string, Deferral> _deferred = [];

    public TrackingMoreRound(IReadOnlyList<PollQuestion> questions, DateOnly today)
    {
        _today = today;
        var fresh = new List<PollQuestion>();
        foreach (var question in questions.DistinctBy(q => q.Number))
            if (RegistrationMemo.Read(question.Memo) is { } memo)
                _memos.Add(question.Number, memo.ToString());
            else
                fresh.Add(question);
        Fresh = fresh;
    }

    public List<PollQuestion> Fresh { get; }

    public List<string> Readable => [.. _memos.Keys];

    public void Registered(TrackingMoreBody body)
    {
        foreach (var (number, error, entry) in body.Registrations())
            if (Fresh.Any(q => q.Number == number))
                Registered(number, error, entry);
    }

    /// <summary>What a whole answer says of the only number it is about, or of all alike.</summary>
    public void Refused(string number, long code) =>
        Registered(number, code, TrackingMoreRequest.Refused(number, code));

    public void Read(TrackingMoreBody body)
    {
        foreach (var (number, entry) in body.Parcels())
            if (_memos.ContainsKey(number))
                _entries.TryAdd(number, entry);
        foreach (var number in _memos.Keys.Where(number => !_entries.ContainsKey(number)).ToList())
            // What was registered a moment ago may not have come through yet.
            if (_new.Contains(number))
                _deferred[number] = BeingFetched;
            else
                (_memos[number], _deferred[number]) = (RegistrationMemo.Forgotten, ToBeRegistered);
    }

    public ProviderReply.Entries Reply() =>
        new ProviderReply.Entries(_entries) { Memos = _memos, Deferred = _deferred };

    private void Registered(string number, long? error, ReadOnlyMemory<byte> entry)
    {
        if (error is null or TrackingMoreRefusal.Exists)
        {
            _memos[number] = new RegistrationMemo(_today).ToString();
            _new.Add(number);
        }
        else if (error == TrackingMoreRefusal.QuotaUsedUp)
            _deferred[number] = TrackingMoreRefusal.NoQuota;
        else
            _entries[number] = entry;
    }
}
