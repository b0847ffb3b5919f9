using FsCheck;
using FsCheck.Fluent;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;

namespace TrackWatch.Domain.Tests.Recording;

public sealed class HistoryMergeTests
{
    [Fact]
    public void The_first_answer_is_all_new_and_the_same_again_is_nothing()
    {
        ReportedEvent[] answer = [Event("PU", "t1", "Shenzhen"), Event("", "t1", "Shenzhen", "Picked up")];

        var first = Merge([], answer);
        first.New.Count.ShouldBe(2);
        Nothing(Merge(Kept(first), answer));
    }

    [Theory]
    [InlineData("PU", "Shenzhen", "Collected", "Shenzhen", true)] // reworded
    [InlineData("PU", "Shenzhen", "Picked up", "SHENZHEN ", false)] // spelling alone
    [InlineData("PU", "Shenzhen", "Picked up", "深圳", true)] // place spelled anew
    [InlineData("PU", null, "Picked up", "Shenzhen", true)]
    [InlineData("", "Shenzhen", "Paket alındı", "Shenzhen", true)] // translated, no code
    public void Other_words_for_the_same_event_are_kept_beside_it_and_are_no_news(
        string code,
        string? place,
        string laterText,
        string laterPlace,
        bool reworded
    )
    {
        var known = Kept(Merge([], [Event(code, "t1", place)]));
        var change = Merge(known, [Event(code, "t1", laterPlace, laterText)]);

        change.New.ShouldBeEmpty();
        change.Vanished.ShouldBeEmpty();
        change.Reworded.ShouldBe(reworded ? [new Rewording(1, laterText, laterPlace)] : []);
    }

    [Theory]
    [InlineData("PU", "t2", "Shenzhen", "Picked up")]
    [InlineData("PV", "t1", "Shenzhen", "Picked up")]
    [InlineData("", "t2", "Shenzhen", "Picked up")]
    [InlineData("", "t1", "Dongguan", "Left")]
    public void Another_code_or_time_is_another_event_and_what_is_gone_is_said_to_be(
        string code,
        string time,
        string place,
        string text
    )
    {
        var known = Kept(Merge([], [Event(code == "PV" ? "PU" : code, "t1", "Shenzhen")]));
        var change = Merge(known, [Event(code, time, place, text)]);

        change.New.Count.ShouldBe(1);
        change.Vanished.ShouldBe([1L]);
        Merge(known, []).Vanished.ShouldBe([1L]);
    }

    [Fact]
    public void Two_places_of_one_code_and_time_are_two_events_and_one_of_them_may_be_respelled()
    {
        var known = Kept(Merge([], [Event("SCAN", "t1", "A"), Event("SCAN", "t1", "B")]));
        known.Count.ShouldBe(2);

        var change = Merge(known, [Event("SCAN", "t1", "A city"), Event("SCAN", "t1", "B")]);
        change.New.ShouldBeEmpty();
        change.Reworded.ShouldBe([new Rewording(1, "Picked up", "A city")]);
    }

    [Fact]
    public void Equals_with_other_words_are_told_apart_by_their_ordinal_and_a_line_sent_twice_is_one()
    {
        ReportedEvent[] answer =
        [
            Event("SCAN", "t1", "A", "bag one"),
            Event("SCAN", "t1", "A", "bag two"),
            Event("SCAN", "t1", "A", "bag one"),
        ];
        var first = Merge([], answer);

        first.New.Select(n => n.Ordinal).ShouldBe([0, 1]);
        first.New.Select(n => n.Fingerprint).ShouldBeUnique();
        Nothing(Merge(Kept(first), [.. answer.Reverse()]));
    }

    [Fact]
    public void A_new_equal_listed_first_takes_no_identity_that_stands_on_file()
    {
        var first = Merge([], [Event("SCAN", "t1", "A", "bag one")]);
        var change = Merge(Kept(first), [Event("SCAN", "t1", "A", "bag two"), Event("SCAN", "t1", "A", "bag one")]);

        var added = change.New.ShouldHaveSingleItem();
        added.Event.Text.ShouldBe("bag two");
        added.Fingerprint.ShouldNotBe(first.New[0].Fingerprint);
        change.Reworded.ShouldBeEmpty();
    }

    [Fact]
    public void An_identity_depends_on_provider_and_number_and_on_text_only_without_a_code()
    {
        Guid Print(string provider, string number, ReportedEvent e) =>
            HistoryMerge.Merge(new SourceKey(provider, number), [], [e]).New[0].Fingerprint;
        var coded = Event("PU", "t1", "A");
        var bare = Event("", "t1", "A");

        Print("cainiao", "LP1", coded).ShouldBe(Print("cainiao", "LP1", coded with { Text = "x", Place = " a" }));
        Print("cainiao", "LP1", bare).ShouldNotBe(Print("cainiao", "LP1", bare with { Text = "x" }));
        Print("cainiao", "LP1", coded).ShouldNotBe(Print("other", "LP1", coded));
        Print("cainiao", "LP1", coded).ShouldNotBe(Print("cainiao", "LP2", coded));
    }

    [Fact]
    public void Any_answer_merged_twice_in_any_order_and_in_other_words_brings_nothing_new() =>
        Prop.ForAll(
                Answers().ToArbitrary(),
                answer =>
                {
                    var first = Merge([], answer);
                    first.New.Select(n => n.Fingerprint).ShouldBeUnique();
                    var known = Kept(first);
                    Nothing(Merge(known, answer));
                    Nothing(Merge(known, [.. answer.Reverse()]));
                    // A translation touches each line alike.
                    var translated = Merge(known, [.. answer.Select(e => e with { Text = $"({e.Text})" })]);
                    translated.New.ShouldBeEmpty();
                    translated.Vanished.ShouldBeEmpty();
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static Gen<ReportedEvent[]> Answers() =>
        (
            from code in Gen.Elements("", "PU", "LH")
            from time in Gen.Elements("t1", "t2")
            from place in Gen.Elements(null, "A", "a ", "B")
            from text in Gen.Elements("one", "two", "three")
            select Event(code, time, place, text)
        ).ArrayOf();

    private static void Nothing(HistoryChange change)
    {
        change.New.ShouldBeEmpty();
        change.Vanished.ShouldBeEmpty();
        // Of two spellings of one place the last one told may stand.
        change.Reworded.ShouldBeEmpty();
    }

    private static HistoryChange Merge(IReadOnlyList<KnownEvent> known, IReadOnlyList<ReportedEvent> answer) =>
        HistoryMerge.Merge(new SourceKey("cainiao", "LP00900000000011"), known, answer);

    /// <summary>What the database keeps of what was new.</summary>
    private static List<KnownEvent> Kept(HistoryChange change) =>
        [
            .. change.New.Select(
                (n, i) =>
                    new KnownEvent(i + 1, n.Event.Code, n.Event.TimeAsSent, n.Event.Place, n.Ordinal, n.Event.Text)
            ),
        ];

    private static ReportedEvent Event(string code, string time, string? place, string text = "Picked up") =>
        new()
        {
            Code = code,
            TimeAsSent = time,
            Wall = new DateTime(2026, 5, 1),
            At = Some.Noon(Some.May(1)),
            Quality = TimeQuality.Exact,
            Status = ParcelStatus.InTransit,
            Place = place,
            Text = text,
        };
}
