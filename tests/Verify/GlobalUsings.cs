global using Streams.Measuring.Clients;
global using Streams.Measuring.Systems;
global using Streams.Measuring.Tables;
global using Streams.Measuring.Timing;
global using Streams.Testing;
