using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streams;

/// <summary>The id of a live stream: 1 to 64 of <c>A-Z a-z 0-9 _ -</c>. It is the key of the stream's grain and a part of its paths.</summary>
[GenerateSerializer, Immutable, Alias("Streams.StreamId")]
[JsonConverter(typeof(StreamIdJsonConverter))]
public readonly record struct StreamId
{
    /// <summary>The pattern as a regular expression, for documents and error messages.</summary>
    public const string Pattern = "^[A-Za-z0-9_-]{1,64}$";

    /// <summary>The longest id, in characters.</summary>
    public const int MaxLength = 64;

    [Id(0)]
    private readonly string? _value;

    private StreamId(string value) => _value = value;

    /// <summary>The id as text; empty for <c>default</c>.</summary>
    public string Value => _value ?? "";

    /// <summary>Parses an id; false for anything that does not match <see cref="Pattern"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out StreamId id)
    {
        id = default;
        if (text is not { Length: >= 1 and <= MaxLength })
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))
            {
                return false;
            }
        }

        id = new StreamId(text);
        return true;
    }

    /// <summary>Parses an id.</summary>
    /// <exception cref="FormatException">The text does not match <see cref="Pattern"/>.</exception>
    public static StreamId Parse(string? text) => TryParse(text, out StreamId id)
        ? id
        : throw new FormatException($"A stream id must match {Pattern}.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Writes a <see cref="StreamId"/> as a JSON string.</summary>
public sealed class StreamIdJsonConverter : JsonConverter<StreamId>
{
    /// <inheritdoc/>
    public override StreamId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        StreamId.TryParse(reader.GetString(), out StreamId id) ? id : throw new JsonException($"A stream id must match {StreamId.Pattern}.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, StreamId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
