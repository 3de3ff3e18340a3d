namespace Streams.Api.Wire;

/// <summary>The published JSON schema of a hook's body, which is a resource of this assembly. An endpoint that takes such a body has it as metadata.</summary>
internal sealed class HookEventSchema
{
    private const string Resource = "Streams.Api.hook-event.schema.json";

    private HookEventSchema()
    {
        using Stream resource = typeof(HookEventSchema).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing.");
        using MemoryStream copy = new();
        resource.CopyTo(copy);
        Json = copy.ToArray();
    }

    public static HookEventSchema Instance { get; } = new();

    /// <summary>The schema as it is published, UTF-8.</summary>
    public byte[] Json { get; }
}
