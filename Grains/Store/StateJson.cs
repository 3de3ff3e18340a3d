using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streams.Grains.Store;

/// <summary>Serializes saved state as JSON that is readable with any database client.</summary>
public static class StateJson
{
    /// <summary>SQL LIKE pattern for the state of a stream that an operator has stopped. It cannot match inside a JSON string, where quotes are escaped.</summary>
    public const string HeldPattern = "%\"held\":true%";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Serializes a state.</summary>
    public static string Write<T>(T state) => JsonSerializer.Serialize(state, Options);

    /// <summary>Deserializes a state.</summary>
    /// <exception cref="JsonException">The JSON is invalid, or not of this type.</exception>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)
        ?? throw new JsonException($"The stored {typeof(T).Name} is null.");
}
