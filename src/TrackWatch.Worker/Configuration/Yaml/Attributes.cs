using System.Diagnostics.CodeAnalysis;

namespace TrackWatch.Worker.Configuration.Yaml;

/// <summary>Names the key in the file where the property's name in snake_case is not it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>Says what kind of text a string property holds (or an int, for <see cref="TextForm.Days"/>). For lists: each of their items.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FormAttribute(TextForm form) : Attribute
{
    public TextForm Form { get; } = form;
}

/// <summary>Least and greatest value of a number or a duration, in the words of the file (<c>1s</c>, <c>65535</c>); of a list, how many items.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BoundsAttribute(string least, string? greatest = null) : Attribute
{
    public string Least { get; } = least;
    public string? Greatest { get; } = greatest;
}

/// <summary>One item may stand without the list's brackets.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOrManyAttribute : Attribute;

/// <summary><c>false</c> is the same as leaving the key out.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OrFalseAttribute : Attribute;

/// <summary>A bare value (or list) stands for an object that sets this property alone.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShortFormAttribute(string property) : Attribute
{
    public string Property { get; } = property;
}

/// <summary>What a text must look like beyond being text.</summary>
[SuppressMessage("Naming", "CA1724", Justification = "A word of the files.")]
internal enum TextForm
{
    /// <summary>One line; blanks around it do not count.</summary>
    Line,

    /// <summary>Any number of lines.</summary>
    Lines,

    /// <summary>To the letter, and never shown.</summary>
    Secret,

    /// <summary>Letters, digits, dots, hyphens and underscores.</summary>
    Id,

    /// <summary>A bare mail address.</summary>
    Email,

    /// <summary>A mail address, with a name before it if wanted.</summary>
    Mailbox,

    /// <summary>ISO 3166, given in upper case.</summary>
    Country,

    /// <summary>ISO 3166, a country's own region (CA-QC), or EU for all its members; given in upper case.</summary>
    Region,

    /// <summary>BCP 47.</summary>
    Language,

    /// <summary>IANA id.</summary>
    TimeZone,

    /// <summary>Given in normal form.</summary>
    TrackingNumber,

    /// <summary>The last four digits of a card. Never shown, because people paste the whole number.</summary>
    Last4,

    /// <summary>An address to listen at, or <c>none</c>.</summary>
    Listen,

    /// <summary>The address of a page for people, with <c>{number}</c> in it, or <c>none</c>.</summary>
    PageTemplate,

    /// <summary>The address of a question, with <c>{number}</c> and the like in its path or query.</summary>
    QuestionTemplate,

    /// <summary>A regular expression that .NET can match without backtracking.</summary>
    Regex,

    /// <summary>Whole days, as an int: <c>10d</c> or <c>10</c>.</summary>
    Days,
}
