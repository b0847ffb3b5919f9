using System.Text.Json;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>A body cut into one slice per number.</summary>
/// <param name="Entries">By number in normal form; null where the body holds no list of parcels.</param>
/// <param name="Success">The body's own word on itself; null where it says nothing.</param>
internal readonly record struct CutBody(Dictionary<string, ReadOnlyMemory<byte>>? Entries, bool? Success);

/// <summary>Cuts a body that holds a list of parcels without building any of them.</summary>
internal static class BodyCutter
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <param name="lists">The names that the list may go by, at the top of the body.</param>
    /// <param name="numberField">The field of each parcel that holds its number.</param>
    /// <exception cref="JsonException">The body is no JSON object, or cut off.</exception>
    public static CutBody Cut(ReadOnlyMemory<byte> body, ReadOnlySpan<string> lists, string numberField)
    {
        if (body.Span.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        var reader = new Utf8JsonReader(body.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("The body is no JSON object.");

        Dictionary<string, ReadOnlyMemory<byte>>? entries = null;
        bool? success = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isList = false;
            foreach (var list in lists)
                isList |= reader.ValueTextEquals(list);
            var isSuccess = reader.ValueTextEquals("success");
            reader.Read();
            if (isList && reader.TokenType == JsonTokenType.StartArray)
                CutList(body, ref reader, numberField, entries ??= []);
            else if (isSuccess && reader.TokenType is JsonTokenType.True or JsonTokenType.False)
                success = reader.TokenType == JsonTokenType.True;
            else
                reader.Skip();
        }
        while (reader.Read()) { } // throws where more follows than white space
        return new(entries, success);
    }

    private static void CutList(
        ReadOnlyMemory<byte> body,
        ref Utf8JsonReader reader,
        string numberField,
        Dictionary<string, ReadOnlyMemory<byte>> entries
    )
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            var start = (int)reader.TokenStartIndex;
            string? number = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isNumber = reader.ValueTextEquals(numberField);
                reader.Read();
                if (isNumber && reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
                    number = Written(ref reader);
                else
                    reader.Skip();
            }
            if (TrackingNumber.TryParse(number, out var normal))
                entries.TryAdd(normal.Value, body[start..(int)reader.BytesConsumed]);
        }
    }

    private static string? Written(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return System.Text.Encoding.ASCII.GetString(reader.ValueSpan);
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // bytes that are no text
        }
    }
}
