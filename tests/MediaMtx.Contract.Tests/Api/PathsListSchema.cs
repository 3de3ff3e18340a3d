using NJsonSchema;
using Streams.Testing;

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>The schema of the part of the Control API that Streams reads.</summary>
internal static class PathsListSchema
{
    private static readonly Task<JsonSchema> Loaded =
        JsonSchema.FromFileAsync(Repository.PathOf("Grains", "MediaMtx", "Schemas", "paths-list.schema.json"));

    /// <summary>What an answer violates; empty when it holds.</summary>
    public static async Task<IReadOnlyList<string>> Violations(string answer) =>
        [.. (await Loaded).Validate(answer).Select(error => error.ToString())];
}
