using System.Text.Json;
using System.Text.Json.Serialization;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>What is remembered of a number that a source follows for us since it was told of it. Days are UTC.</summary>
/// <param name="Registered">When it was first seen to be registered.</param>
/// <param name="Retracked">When its one second round was asked for; null = it is still to be had.</param>
internal sealed record RegistrationMemo(DateOnly Registered, DateOnly? Retracked = null)
{
    /// <summary>What is remembered of a number that has to be registered anew: nothing, told apart from no word at all.</summary>
    public const string Forgotten = "";

    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Null where nothing is remembered; registering a number once more costs nothing.</summary>
    public static RegistrationMemo? Read(string? memo)
    {
        if (string.IsNullOrWhiteSpace(memo))
            return null;
        try
        {
            return JsonSerializer.Deserialize<RegistrationMemo>(memo, Written) is { Registered.Year: >= 2000 } read
                ? read
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString() => JsonSerializer.Serialize(this, Written);
}
