using Microsoft.Extensions.DependencyInjection;
using TrackWatch.Domain.Advising;
using TrackWatch.Worker.Commands;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;

namespace TrackWatch.Worker.Tests.Commands;

public class SayingsTests
{
    private static readonly LanguageFiles Files = Composing.Some.Services().GetRequiredService<LanguageFiles>();

    public static TheoryData<ReasonCode, string> ReasonsAndLanguages()
    {
        var data = new TheoryData<ReasonCode, string>();
        foreach (var code in Enum.GetValues<ReasonCode>())
        foreach (var language in Files.All)
            data.Add(code, language.Tag);
        return data;
    }

    [Theory]
    [MemberData(nameof(ReasonsAndLanguages))]
    public void A_reason_is_a_whole_sentence_without_any_fact(ReasonCode code, string language)
    {
        var says = new Sayings(Files, TimeZoneInfo.Utc, Composing.Some.Now, language);

        var why = says.Why(new Reason(code));

        why.ShouldEndWith(".");
        why.ShouldNotContain("_");
        why.ShouldNotContain("  ");
        why.ShouldNotContain(" .");
        why.ShouldNotContain(" by.");
    }

    [Fact]
    public void A_replaced_number_is_named_only_where_it_is_known()
    {
        var says = new Sayings(Files, TimeZoneInfo.Utc, Composing.Some.Now);
        var swapped = new Reason(ReasonCode.NumberSwapped);

        says.Why(swapped).ShouldStartWith("The seller replaced your tracking number. ");
        says.Why(swapped, "RB1CN").ShouldStartWith("The seller replaced your tracking number by RB1CN. ");
    }
}
