using TrackWatch.Domain.Registering;

namespace TrackWatch.Worker.Notifying.Composing.Stories;

internal static class Footers
{
    /// <summary>The standing lines below every mail to a buyer.</summary>
    public static IReadOnlyList<string> Of(Words words, Person person, IEnumerable<string> rules)
    {
        var ids = string.Join(", ", rules.Distinct());
        var values = new Values
        {
            { "rule_id", ids },
            { "rule_checked", CountryRules.Checked },
            { "email", new ForeignText(person.Email) },
        };
        return [words.Say("footer.tip", values), words.Say("footer.why", values)];
    }
}
