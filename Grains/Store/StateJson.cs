using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streams.Grains.Store;

/// <summary>What is saved, as JSON that a person can read with any client of the store.</summary>
public static class StateJson
{
    /// <summary>A pattern of SQL for a state of a stream that an operator has stopped: within a string the quotes would be escaped.</summary>
    public const string HeldPattern = "%\"held\":true%";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>A state as JSON.</summary>
    public static string Write<T>(T state) => JsonSerializer.Serialize(state, Options);

    /// <summary>The state that JSON holds.</summary>
    /// <exception cref="JsonException">It is none, or not of this type.</exception>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)
        ?? throw new JsonException($"The stored {typeof(T).Name} is null.");
}
