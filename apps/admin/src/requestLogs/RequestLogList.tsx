import RequestsIcon from '@mui/icons-material/ReceiptLongOutlined';
import { Button } from '@mui/material';
import { DataTable, FilterButton, LinkBase, List, TopToolbar } from 'react-admin';
import { CostField } from '../fields/CostField.js';
import { LatencyField } from '../fields/LatencyField.js';
import { Mono } from '../fields/Mono.js';
import { Status } from '../fields/Status.js';
import { TimeField } from '../fields/TimeField.js';
import { TokensField } from '../fields/TokensField.js';
import { TwoLines } from '../fields/TwoLines.js';
import { EmptyState } from '../layout/EmptyState.js';
import { PageIntro } from '../layout/PageIntro.js';
import type { RequestLog } from './RequestLog.js';
import { requestLogFilters } from './requestLogFilters.js';
import { ServedBy } from './ServedBy.js';

const Empty = () => (
  <EmptyState
    icon={<RequestsIcon />}
    title="No requests yet"
    action={
      <Button variant="contained" component={LinkBase} to="/">
        See the first steps
      </Button>
    }
  >
    Every request stands here as soon as it arrives: who asked, who answered, how long it took and
    what it cost. Prompts and answers are not kept.
  </EmptyState>
);

const refreshMs = 5000;

export const RequestLogList = () => (
  <>
    <PageIntro>Every request with who answered it, how long it took and what it cost.</PageIntro>
    <List
      title="Requests"
      sort={{ field: 'createdAt', order: 'DESC' }}
      perPage={25}
      filters={requestLogFilters}
      actions={
        <TopToolbar>
          <FilterButton />
        </TopToolbar>
      }
      exporter={false}
      empty={<Empty />}
      queryOptions={{ refetchInterval: refreshMs }}
    >
      <RequestLogTable />
    </List>
  </>
);

const RequestLogTable = () => (
  <DataTable<RequestLog>
    rowClick="show"
    bulkActionButtons={false}
    sx={{ '& .MuiTableCell-root': { px: { xs: 0.75, lg: 1.25 } } }}
  >
    <DataTable.Col<RequestLog> source="createdAt" label="Time">
      <TimeField source="createdAt" />
    </DataTable.Col>
    <DataTable.Col<RequestLog>
      label="Route"
      disableSort
      render={({ routeName, requestedModel, keyName }) => (
        <TwoLines
          maxWidth={{ xs: 115, lg: 160 }}
          first={<Mono>{routeName ?? requestedModel ?? '–'}</Mono>}
          second={keyName ?? 'no key'}
        />
      )}
    />
    <DataTable.Col<RequestLog>
      label="Served by"
      disableSort
      render={(request) => <ServedBy request={request} />}
    />
    <DataTable.Col<RequestLog>
      label="Outcome"
      disableSort
      render={({ outcome, status, errorCode }) => (
        <TwoLines
          maxWidth={{ xs: 95, lg: 140 }}
          first={<Status value={outcome} />}
          second={[status, errorCode].filter((part) => part !== null).join(' ')}
        />
      )}
    />
    <DataTable.Col<RequestLog> label="In" disableSort align="right">
      <TokensField source="inputTokens" />
    </DataTable.Col>
    <DataTable.Col<RequestLog> label="Out" disableSort align="right">
      <TokensField source="outputTokens" />
    </DataTable.Col>
    <DataTable.Col<RequestLog> source="costNanos" label="Cost" align="right">
      <CostField />
    </DataTable.Col>
    <DataTable.Col<RequestLog> source="firstTokenMs" label="First token" align="right">
      <LatencyField source="firstTokenMs" />
    </DataTable.Col>
    <DataTable.Col<RequestLog> source="totalMs" label="Total" align="right">
      <LatencyField source="totalMs" />
    </DataTable.Col>
  </DataTable>
);
