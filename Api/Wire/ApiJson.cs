using System.Text.Json.Serialization;

namespace Streams.Api.Wire;

/// <summary>How the wire types are written: camelCase, enums by name, nothing for null; generated, so without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventAccepted))]
[JsonSerializable(typeof(StreamList))]
[JsonSerializable(typeof(StreamView))]
[JsonSerializable(typeof(AudienceDayView))]
[JsonSerializable(typeof(HistoryView))]
[JsonSerializable(typeof(RunsView))]
[JsonSerializable(typeof(SamplesView))]
[JsonSerializable(typeof(ProfileChoice))]
[JsonSerializable(typeof(StandbyChoice))]
[JsonSerializable(typeof(NodesView))]
[JsonSerializable(typeof(SiloView))]
[JsonSerializable(typeof(FeedSnapshot))]
[JsonSerializable(typeof(FeedProgress))]
[JsonSerializable(typeof(FeedHistory))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(MediaAuthRequest))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ApiJson : JsonSerializerContext;
