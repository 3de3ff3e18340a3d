using System.Text.Encodings.Web;
using System.Text.Json;

namespace Streams.Measuring.Tables;

/// <summary>Results as JSON files, indented, with characters as they are.</summary>
public static class JsonFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Task Write<T>(string file, T value) => File.WriteAllTextAsync(file, JsonSerializer.Serialize(value, Options) + "\n");

    public static async Task<T> Read<T>(string file) => JsonSerializer.Deserialize<T>(await File.ReadAllTextAsync(file), Options)!;
}
