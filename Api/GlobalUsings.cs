global using Streams.Api.Configuration;
global using Streams.Api.Logging;
global using Streams.Api.MediaMtxAuth;
global using Streams.Api.Nodes;
global using Streams.Api.Pages;
