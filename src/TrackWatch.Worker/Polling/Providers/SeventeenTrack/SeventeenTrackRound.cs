using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.SeventeenTrack;

/// <summary>The numbers of one question on their way through its requests.</summary>
internal sealed class SeventeenTrackRound
{
    /// <summary>An account with no more than this is a free one (2.5): what it has is for parcels that need it.</summary>
    private const int SmallQuota = 200;

    /// <summary>A number that does not change for so long is no longer followed (2.5).</summary>
    private const int DaysUntilStopped = 30;

    private static readonly Deferral KeptForUrgent = new("quota kept for urgent parcels", TimeSpan.FromHours(12));

    private static readonly Deferral BeingFetched = new(
        "17TRACK has just been told of it: the first answer takes minutes to hours",
        TimeSpan.FromMinutes(10)
    );

    private static readonly Deferral ToBeRegistered = new(
        "17TRACK no longer knows the number; it is registered anew with the next question",
        TimeSpan.FromMinutes(1)
    );

    private readonly DateOnly _today;
    private readonly Dictionary<string, RegistrationMemo> _known = [];
    private readonly HashSet<string> _forgotten = [];
    private readonly HashSet<string> _new = [];
    private readonly List<string> _stopped = [];
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _entries = [];
    private readonly Dictionary<string, Deferral> _deferred = [];
    private SourceQuota? _quota;

    public SeventeenTrackRound(IReadOnlyList<PollQuestion> questions, DateOnly today)
    {
        _today = today;
        var fresh = new List<PollQuestion>();
        foreach (var question in questions.DistinctBy(q => q.Number))
            if (RegistrationMemo.Read(question.Memo) is { } memo)
                _known.Add(question.Number, memo);
            else
                fresh.Add(question);
        Fresh = fresh;
    }

    public List<PollQuestion> Fresh { get; }

    public List<string> Readable => [.. _known.Keys];

    public List<string> Stopped => _stopped;

    /// <summary>Those that the quota is there for, urgent ones first; the others are put off.</summary>
    public List<PollQuestion> Afford(SourceQuota quota, int? leftToday)
    {
        _quota = quota;
        var wanted = quota.Total <= SmallQuota ? Pressing(quota) : [.. Fresh];
        foreach (var question in Fresh.Except(wanted))
            _deferred[question.Number] = KeptForUrgent;
        var affordable = wanted
            .OrderByDescending(q => q.IsUrgent)
            .Take(Math.Min(quota.Left, leftToday ?? int.MaxValue))
            .ToList();
        foreach (var question in wanted.Except(affordable))
            _deferred[question.Number] =
                leftToday < quota.Left ? SeventeenTrackRefusal.NoQuotaToday : SeventeenTrackRefusal.NoQuota;
        return affordable;
    }

    /// <summary>Of a small quota a fifth is kept for what is urgent; the rest is also for numbers that no other source is asked about.</summary>
    private List<PollQuestion> Pressing(SourceQuota quota)
    {
        var urgent = Fresh.Where(q => q.IsUrgent).ToList();
        var spare = quota.Left - urgent.Count - (quota.Total / 5);
        return [.. urgent, .. Fresh.Where(q => q is { IsUrgent: false, IsFirstChoice: true }).Take(Math.Max(0, spare))];
    }

    public void PutOff(IEnumerable<PollQuestion> questions)
    {
        foreach (var question in questions)
            _deferred[question.Number] = SeventeenTrackRefusal.NoQuota;
    }

    public void Registered(IEnumerable<SeventeenTrackItem> items)
    {
        foreach (var item in items.Where(item => Fresh.Any(q => q.Number == item.Number)))
            switch (item.Error)
            {
                case null or SeventeenTrackRefusal.AlreadyRegistered:
                    if (_known.TryAdd(item.Number, new RegistrationMemo(_today)))
                        _new.Add(item.Number);
                    if (item.Error is null && _quota is { Left: > 0 } quota)
                        _quota = quota with { Left = quota.Left - 1 };
                    break;
                case SeventeenTrackRefusal.QuotaUsedUp:
                    _deferred[item.Number] = SeventeenTrackRefusal.NoQuota;
                    break;
                case SeventeenTrackRefusal.DayLimit:
                    _deferred[item.Number] = SeventeenTrackRefusal.NoQuotaToday;
                    break;
                default:
                    _entries[item.Number] = item.Entry;
                    break;
            }
    }

    public void Read(IEnumerable<SeventeenTrackItem> items)
    {
        foreach (var item in items.Where(item => _known.ContainsKey(item.Number)))
            if (item.Error == SeventeenTrackRefusal.NotRegistered)
                Forget(item.Number);
            else if (_entries.TryAdd(item.Number, item.Entry) && HasStopped(item))
                _stopped.Add(item.Number);
        foreach (var number in _new.Where(number => !_entries.ContainsKey(number)))
            _deferred[number] = BeingFetched;
    }

    public void Retracked(IEnumerable<SeventeenTrackItem> items)
    {
        // One that is not stopped yet keeps its one second round; any other refusal is final.
        foreach (var item in items.Where(item => _stopped.Contains(item.Number)))
            if (item.Error != SeventeenTrackRefusal.OnlyStoppedMayBeRetracked)
                _known[item.Number] = _known[item.Number] with { Retracked = _today };
    }

    public ProviderReply.Entries Reply() =>
        new ProviderReply.Entries(_entries)
        {
            Quota = _quota,
            Deferred = _deferred,
            Memos = _known
                .Select(known => KeyValuePair.Create(known.Key, known.Value.ToString()))
                .Concat(_forgotten.Select(number => KeyValuePair.Create(number, RegistrationMemo.Forgotten)))
                .ToDictionary(),
        };

    /// <summary>What was registered a moment ago may not have come through yet.</summary>
    private void Forget(string number)
    {
        if (_new.Contains(number))
            return;
        _known.Remove(number);
        _forgotten.Add(number);
        _deferred[number] = ToBeRegistered;
    }

    private bool HasStopped(SeventeenTrackItem item)
    {
        var memo = _known[item.Number];
        var parcel = new SeventeenTrackParcel(item.Json.Field("track_info"));
        var status = SeventeenTrackCodes.Meaning(parcel.SubStatus)?.Status;
        return item.Error is null or SeventeenTrackRefusal.NothingYet
            && memo.Retracked is null
            && status?.IsFinal() != true
            && (
                status == ParcelStatus.Expired
                || (
                    memo.Registered.AddDays(DaysUntilStopped) <= _today
                    && (parcel.LatestEvent is null || parcel.DaysSilent >= DaysUntilStopped)
                )
            );
    }
}
